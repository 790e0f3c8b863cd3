#[auto_instrument]
mod heads {
    impl Matrix<{ N * 2 }> {
        fn rows(&self) {}
    }

    trait Sized<const N: usize = { 3 }>: Fn(u8) -> u8 {
        fn size(&self) -> usize {
            N
        }
    }

    impl<const N: usize, F: Fn() -> Vec<Vec<u8>>> Named for Checked<N, F>
    where
        Check<{ N > 0 }>: True,
    {
        fn name(&self) {}
    }

    mod elsewhere;

    mod inner {
        fn deep() {}
    }
}
