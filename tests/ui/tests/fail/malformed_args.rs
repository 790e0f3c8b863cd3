use otel_actix::auto_instrument;

#[auto_instrument("charge")]
fn name_without_a_key() {}

#[auto_instrument(7, kind = "client" root)]
fn number_and_no_comma() {}

#[auto_instrument(args(&id))]
fn reference(id: u32) -> u32 {
    id
}

#[auto_instrument(args(id: u32))]
fn typed(id: u32) -> u32 {
    id
}

#[auto_instrument(args("id"))]
fn text(id: u32) -> u32 {
    id
}

struct Order {
    id: u32,
}

impl Order {
    #[auto_instrument(args(self.id))]
    fn field(&self) -> u32 {
        self.id
    }
}

#[auto_instrument(name =, carry =, links =)]
fn no_links() {}

#[auto_instrument(fields(a = 1 b = 2))]
fn no_comma() {}

#[auto_instrument(fields(a =))]
fn no_value() {}

#[auto_instrument(fields(order.id = 1, "order.id" = 2))]
fn same_field_twice() {}

#[auto_instrument(args(id, id))]
fn same_parameter_twice(id: u32) -> u32 {
    id
}

#[auto_instrument(ret, err = "message")]
fn nothing_to_record() {}

#[auto_instrument(ret)]
async fn nothing_to_record_async() {}

#[auto_instrument(err = "type")]
fn never() -> ! {
    panic!()
}

fn main() {}
