fn main() {
    let a: Vec<String> = std::env::args().collect();
    let d = std::fs::read_to_string(&a[1]).unwrap();
    let o = a.get(2).map(|o| std::fs::read_to_string(o).unwrap());
    let mut i = twilio_verify_codegen::Input::new(&d);
    if let Some(o) = &o {
        i = i.overlay(o, twilio_verify_codegen::Unmatched::Error);
    }
    match twilio_verify_codegen::generate(&i) {
        Ok(g) => {
            for (n, c) in g.files {
                println!("// ==== {n}\n{c}");
            }
            eprintln!("{}\n{:?}", g.surface, g.warnings);
        }
        Err(e) => {
            eprintln!("{e}");
            std::process::exit(1)
        }
    }
}
