use super::{File, Surrounding, read};

/// Returns `true` if a route attribute is above the attribute at `@` (the marker is removed).
fn above(text: &str) -> bool {
    around(text).is_some_and(|surrounding| surrounding.route)
}

/// The head of the block around the attribute at `@`.
fn block(text: &str) -> Option<String> {
    around(text)?.block.map(|head| head.trim().to_owned())
}

fn around(text: &str) -> Option<Surrounding> {
    let at = text.find('@').unwrap_or_default();
    let before = &text[..at];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().trim_start_matches('\u{feff}').chars().count() + 1;
    File::new(text.replace('@', "")).surrounding(line, column)
}

#[test]
fn sees_the_route_directly_above() {
    assert!(above("#[get(\"/a\")]\n@#[auto_instrument]\nasync fn a() {}"));
    assert!(above("#[get(\"/a\")] @#[auto_instrument] async fn a() {}"));
    assert!(above("fn x() {}\n\n    #[actix_web::post(\"/a\")]\n    @#[auto_instrument(fields(a = [1]))]\n"));
    assert!(above("#[::actix_web :: route(\"/a\", method = \"GET\")]\n@#[auto_instrument]"));
    assert!(above("#[routes]\n#[get(\"/a\")]\n@#[auto_instrument]"));
    assert!(above("#[routes]\n@#[auto_instrument]\n#[get(\"/a\")]"));
}

#[test]
fn looks_past_other_attributes_and_comments() {
    assert!(above("#[get(\"/a\")]\n/// Docs with [brackets] and \"quotes\n// #[not]\n@#[auto_instrument]"));
    assert!(above("#[get(\"/a\")]\n/* #[a] /* nested */ ] */\n#[allow(dead_code)]\n@#[auto_instrument]"));
    assert!(above("#[get(\"/a\")]\n#[cfg_attr(test, allow(dead_code))]\n@#[auto_instrument]"));
}

#[test]
fn sees_attributes_over_several_lines() {
    assert!(above("#[get(\n    \"/{tail:[^/]*}\",\n    wrap = \"a::<[u8; 2]>()\"\n)]\n@#[auto_instrument]"));
    assert!(above("#\n[get(\"/a\")]\n@#[auto_instrument]"));
}

#[test]
fn strings_and_characters_do_not_fool_it() {
    assert!(above("#[get(\"/]\\\"[\")]\n@#[auto_instrument]"));
    assert!(above("#[get(r#\"/\"]\"#)]\n@#[auto_instrument]"));
    assert!(above(
        "const A: char = '\"';\nconst B: char = '\\'';\nconst C: &'static str = \"\\\\\";\n#[get(\"/a\")]\n@#[auto_instrument]"
    ));
    assert!(above("const A: &str = b\"\\\"#[\"; const R: &str = r\"\\\";\n#[get(\"/ä\")] /* ö */ @#[auto_instrument]"));
    assert!(!above("const A: &str = \"#[get(\\\"/a\\\")]\";\n@#[auto_instrument]"));
    assert!(!above("// #[get(\"/a\")]\n@#[auto_instrument]"));
    assert!(!above("/* #[get(\"/a\")] */\n@#[auto_instrument]"));
    assert!(!above("/// #[get(\"/a\")]\n@#[auto_instrument]"));
}

#[test]
fn a_route_of_another_item_is_not_ours() {
    assert!(!above("#[get(\"/a\")]\nasync fn a() {}\n@#[auto_instrument]\nfn b() {}"));
    assert!(!above("#[get(\"/a\")]\n;\n@#[auto_instrument]\nfn b() {}"));
    assert!(!above("@#[auto_instrument]\n#[get(\"/a\")]\nasync fn b() {}"));
    assert!(!above("#[cfg_attr(feature = \"web\", get(\"/a\"))]\n@#[auto_instrument]\nasync fn b() {}"));
    assert!(!above("#[tracing::instrument]\n@#[auto_instrument]\nfn b() {}"));
    assert!(!above("mod get { }\n@#[auto_instrument]\nfn b() {}"));
}

#[test]
fn an_attribute_of_another_crate_is_no_route() {
    assert!(!above("#[fastrace::trace]\n@#[auto_instrument]\nasync fn load(id: u32) {}"));
    assert!(!above("#[trace(name = \"load\")]\n@#[auto_instrument]\nasync fn load(id: u32) {}"));
    assert!(!above("#[trace(r#type = \"load\")]\n@#[auto_instrument]\nasync fn load(id: u32) {}"));
    assert!(!above("#[get]\n@#[auto_instrument]\nfn b() {}"));
    assert!(!above("#[get = \"/a\"]\n@#[auto_instrument]\nfn b() {}"));
    assert!(above("#[trace(\"/a\")]\n@#[auto_instrument]\nasync fn a() {}"));
    assert!(above("#[trace( /* the path */ r\"/a\")]\n@#[auto_instrument]\nasync fn a() {}"));
    assert!(above("#[get (\n    // the path\n    r#\"/a\"#\n)]\n@#[auto_instrument]\nasync fn a() {}"));
}

#[test]
fn works_inside_macro_rules_and_below_inner_attributes() {
    assert!(above("macro_rules! m { ($p:literal) => { #[get($p)] @#[auto_instrument] async fn a() {} } }"));
    assert!(above("#![forbid(unsafe_code)]\n#[get(\"/a\")]\n@#[auto_instrument]"));
    assert!(!above("#![get]\n@#[auto_instrument]\nfn a() {}"));
}

#[test]
fn a_place_that_is_not_in_the_file_is_no_route() {
    let file = File::new("#[get(\"/a\")]\n#[auto_instrument]".to_owned());
    assert!(file.surrounding(2, 1).is_some_and(|surrounding| surrounding.route));
    assert_eq!(file.surrounding(3, 1), None);
    assert_eq!(file.surrounding(2, 400), None);
    assert_eq!(file.surrounding(0, 0), None);
    assert_eq!(File::new(String::new()).surrounding(1, 1), None);
}

#[test]
fn columns_are_characters_and_a_byte_order_mark_does_not_count() {
    assert!(above("\u{feff}#[get(\"/a\")] /* äöü */ @#[auto_instrument]"));
    assert!(above("#[get(\"/a\")]\r\n@#[auto_instrument]\r\nasync fn a() {}"));
}

#[test]
fn the_block_around_the_item_is_found() {
    for (text, head) in [
        ("use a; @#[auto_instrument] fn a() {} impl A { }", ""),
        ("fn a() { 1 } impl<T: X> A<T> { fn b() { { 1 } } @#[auto_instrument] fn c() {} }", "impl<T: X> A<T>"),
        (
            "const A: [u8; 2] = [1; 2]; impl A for [u8; 2] { type B = [u8; 1]; @#[auto_instrument] fn c() {} }",
            "impl A for [u8; 2]",
        ),
        ("mod a { struct B<'a>(&'a str); #[cfg(x)] trait C { @#[auto_instrument] fn c() {} } }", "#[cfg(x)] trait C"),
        ("mod a { impl B {} @#[auto_instrument] fn c() {} }", "mod a"),
        (
            "impl A { const B: &str = \"} impl C {\"; /* } */ const D: char = '}'; @#[auto_instrument] fn c() {} }",
            "impl A",
        ),
        ("macro_rules! m { ($t:ident) => { @#[auto_instrument] fn a() {} } }", "($t:ident) =>"),
    ] {
        assert_eq!(block(text).as_deref(), Some(head), "{text}");
    }
}

#[test]
fn broken_sources_end() {
    for text in ["#[get(\"", "#[", "#", "'", "'\\", "r#\"", "/*", "b\"\\", "#[a[b", "]]]#[x]"] {
        assert!(!File::new(text.to_owned()).surrounding(1, 1).is_some_and(|surrounding| surrounding.route));
    }
}

/// opentelemetry-auto-span parses every file under `src/` for each use. This is one file, once.
#[test]
fn a_file_is_read_once() {
    let path = std::env::temp_dir().join(format!("otel-macros-source-{}.rs", std::process::id()));
    assert!(read(&path).is_none());
    assert!(std::fs::write(&path, "#[get(\"/a\")]\n#[auto_instrument]").is_ok());
    let first = read(&path);
    assert!(std::fs::remove_file(&path).is_ok());
    assert!(first.is_some_and(|first| read(&path).is_some_and(|second| std::rc::Rc::ptr_eq(&first, &second))));
}
