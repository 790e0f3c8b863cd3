//! Each request is one trace through both services and the database.

use std::path::Path;

use shop::Shop;

fn start() -> Shop {
    Shop::start(Path::new(env!("CARGO_BIN_EXE_front")), Path::new(env!("CARGO_BIN_EXE_back"))).unwrap()
}

const TREE: &str = "\
client
  front SERVER GET /orders/{id}
    front CLIENT GET
      back SERVER GET /items/{order}
        back CLIENT SELECT items
";

#[test]
fn a_trace_goes_through_both_services_to_the_query() {
    let shop = start();
    let (answer, trace) = shop.send("/orders/1").unwrap();
    assert_eq!(answer, "cup, plate");
    assert_eq!(shop.tree(&trace, 4).unwrap(), TREE);
    let spans = shop.spans(&trace, 4).unwrap();
    let query = spans.iter().find(|span| span.name == "SELECT items").unwrap();
    assert_eq!(
        query.attributes,
        serde_json::json!({
            "db.system.name": "sqlite",
            "db.query.summary": "SELECT items",
            "db.query.text": "SELECT name FROM items WHERE order_id = ? AND name <> ?",
            "db.response.returned_rows": 2,
        })
    );
}

#[test]
fn a_hundred_concurrent_traces_stay_apart() {
    let shop = start();
    std::thread::scope(|scope| {
        let requests: Vec<_> = (0..100).map(|_| scope.spawn(|| shop.send("/orders/2").unwrap())).collect();
        for request in requests {
            let (answer, trace) = request.join().unwrap();
            assert_eq!(answer, "spoon");
            assert_eq!(shop.tree(&trace, 4).unwrap(), TREE);
        }
    });
}
