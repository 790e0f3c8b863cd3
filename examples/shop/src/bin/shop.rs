//! Runs both services, sends them requests, and prints each trace as a tree.

use std::{env, io};

use shop::Shop;

fn main() -> io::Result<()> {
    let bin = env::current_exe()?;
    let shop = Shop::start(&bin.with_file_name("front"), &bin.with_file_name("back"))?;
    for order in ["/orders/1", "/orders/2", "/orders/3"] {
        let (answer, trace) = shop.send(order)?;
        println!("{order}: {answer}\n{}", shop.tree(&trace, 4)?);
    }
    Ok(())
}
