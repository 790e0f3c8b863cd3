#[auto_instrument]
mod shop {
    use actix_web::{App, HttpServer, get};

    #[get("/")]
    async fn index() -> &'static str {
        "shop"
    }

    mod inner {
        pub fn work() {}
    }

    pub fn run() -> std::io::Result<Server> {
        Ok(HttpServer::new(|| App::new().service(index)).bind("127.0.0.1:0")?.run())
    }

    #[cfg(test)]
    mod tests {
        #[test]
        fn nothing() {}
    }
}
