//! A headless Chromium, driven by [WebDriver](https://www.w3.org/TR/webdriver2/) through Debian's `chromedriver`.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::http;
use super::wait_for;

/// Keys that have no character, as [WebDriver](https://www.w3.org/TR/webdriver2/#keyboard-actions) encodes them.
pub const ESCAPE: &str = "\u{e00c}";
pub const ENTER: &str = "\u{e007}";
pub const LEFT: &str = "\u{e012}";
pub const DOWN: &str = "\u{e015}";

/// A browser with one window. It ends with its driver.
pub struct Browser {
    driver: Child,
    address: SocketAddr,
    session: String,
}

impl Browser {
    /// Starts a browser. Panics if there is none.
    pub fn start() -> Self {
        let driver = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut driver =
            driver.unwrap_or_else(|error| panic!("chromedriver: {error}; apt-get install chromium-driver"));
        let output = BufReader::new(driver.stdout.take().unwrap());
        let port = output
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.split("successfully on port ").nth(1)?.trim_end_matches('.').parse().ok());
        let address = SocketAddr::from(([127, 0, 0, 1], port.expect("the port of chromedriver")));
        let mut browser = Self { driver, address, session: String::new() };
        // It makes no connections of its own, and has no sandbox, which does not work in containers.
        let args = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-sync",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-dev-shm-usage",
            "--window-size=1280,800",
        ];
        let capabilities = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": {"args": args}, "goog:loggingPrefs": {"browser": "ALL"},
        }}});
        let session = browser.command("POST", "", &capabilities);
        browser.session = format!("/{}", session["sessionId"].as_str().expect("a session"));
        browser
    }

    fn command(&self, method: &str, path: &str, body: &Value) -> Value {
        self.try_command(method, path, body).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn try_command(&self, method: &str, path: &str, body: &Value) -> Result<Value, Value> {
        let line = format!("{method} /session{}{path}", self.session);
        let headers = [("host", "127.0.0.1"), ("content-type", "application/json")];
        let body = if method == "POST" { body.to_string() } else { String::new() };
        let answer = http::send(self.address, &line, &headers, body.as_bytes());
        let value = answer.json()["value"].take();
        if answer.status == 200 { Ok(value) } else { Err(value) }
    }

    pub fn open(&self, link: &str) {
        self.command("POST", "/url", &json!({"url": link}));
    }

    pub fn address(&self) -> String {
        self.command("GET", "/url", &Value::Null).as_str().unwrap().to_owned()
    }

    /// The value of an expression in the page.
    pub fn value(&self, expression: &str) -> Value {
        self.command("POST", "/execute/sync", &json!({"script": format!("return {expression}"), "args": []}))
    }

    /// Waits until an expression in the page is true.
    pub fn wait_until(&self, expression: &str) {
        wait_for(expression, || (self.value(&format!("Boolean({expression})")) == json!(true)).then_some(()));
    }

    /// Waits until the first element that a selector of CSS finds contains a text, and returns all of its text: the page
    /// asks for what it shows, and shows it a moment later.
    pub fn text_with(&self, selector: &str, part: &str) -> String {
        let text = format!("document.querySelector({})?.innerText", json!(selector));
        wait_for(&format!("{part} in {selector}"), || {
            self.value(&text).as_str().filter(|text| text.contains(part)).map(str::to_owned)
        })
    }

    /// Waits for an element that a selector of CSS finds, and returns its text.
    pub fn text(&self, selector: &str) -> String {
        self.text_with(selector, "")
    }

    pub fn count(&self, selector: &str) -> u64 {
        self.value(&format!("document.querySelectorAll({}).length", json!(selector))).as_u64().unwrap()
    }

    /// Clicks at the visible place of the element, as a person does.
    pub fn click(&self, selector: &str) {
        // An element may be drawn anew between the search and the click.
        wait_for(selector, || {
            let element = self.find(selector).ok()?;
            self.try_command("POST", &format!("/element/{element}/click"), &json!({})).ok()
        });
    }

    /// Types into an element.
    pub fn type_into(&self, selector: &str, text: &str) {
        let element = self.find(selector).unwrap();
        self.command("POST", &format!("/element/{element}/value"), &json!({"text": text}));
    }

    /// Presses keys, one after the other, wherever the focus is.
    pub fn press(&self, keys: &[&str]) {
        let strokes = keys
            .iter()
            .flat_map(|key| [json!({"type": "keyDown", "value": key}), json!({"type": "keyUp", "value": key})]);
        let actions = json!({"actions": [{"type": "key", "id": "keyboard", "actions": strokes.collect::<Vec<_>>()}]});
        self.command("POST", "/actions", &actions);
    }

    fn find(&self, selector: &str) -> Result<String, Value> {
        let element = self.try_command("POST", "/element", &json!({"using": "css selector", "value": selector}))?;
        // The key of element references, by the specification.
        Ok(element["element-6066-11e4-a52e-4f735466cecf"].as_str().unwrap_or_default().to_owned())
    }

    /// Shows the page in light or in dark colours.
    pub fn set_color_scheme(&self, scheme: &str) {
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        let command = json!({"cmd": "Emulation.setEmulatedMedia", "params": features});
        self.command("POST", "/goog/cdp/execute", &command);
    }

    /// Allows the page to read the clipboard, which only tests do.
    pub fn allow_clipboard(&self, origin: &str) {
        let permissions = json!({"origin": origin, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]});
        self.command("POST", "/goog/cdp/execute", &json!({"cmd": "Browser.grantPermissions", "params": permissions}));
    }

    pub fn clipboard(&self) -> String {
        let script =
            "const done = arguments[0]; navigator.clipboard.readText().then(done, error => done(String(error)))";
        self.command("POST", "/execute/async", &json!({"script": script, "args": []})).as_str().unwrap().to_owned()
    }

    /// Errors of the page, and everything that its policy refused.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.command("POST", "/se/log", &json!({"type": "browser"}));
        let entries = log.as_array().cloned().unwrap_or_default();
        entries.iter().filter(|entry| entry["level"] == "SEVERE").map(|entry| entry["message"].to_string()).collect()
    }

    /// Takes a picture into the `target` folder.
    pub fn screenshot(&self, name: &str) {
        let picture = self.command("GET", "/screenshot", &Value::Null);
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("viewer");
        std::fs::create_dir_all(&folder).unwrap();
        let picture = STANDARD.decode(picture.as_str().unwrap()).unwrap();
        std::fs::write(folder.join(format!("{name}.png")), picture).unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver ends the browser with the session.
        if !self.session.is_empty() {
            let _ = self.try_command("DELETE", "", &Value::Null);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
