use super::tree::Tree;
use super::{Frame, Kind, Sampled, Stacks, folded, speedscope, svg, thousands};
use std::time::Duration;

fn python(stacks: &mut Stacks, name: &str, line: u32) -> u32 {
    stacks.number(Frame {
        kind: Kind::Python,
        name: name.into(),
        file: "folder/a&b.py".into(),
        line,
    })
}

/// main → f → load_fast 30, main → f 10, main → <g> 60, outside 2.
fn example() -> Stacks {
    let mut stacks = Stacks::default();
    let main = python(&mut stacks, "<module>", 9);
    let f = python(&mut stacks, "f", 2);
    let g = python(&mut stacks, "<g;>", 5);
    let load = stacks.number(Frame::named(Kind::Opcode, "load_fast"));
    let outside = stacks.number(Frame::named(Kind::Outside, "outside"));
    stacks.add(&[main, f, load], 10);
    stacks.add(&[main, f], 10);
    stacks.add(&[main, g], 60);
    stacks.add(&[main, f, load], 20);
    stacks.add(&[outside], 2);
    stacks
}

fn sampled(stacks: Stacks) -> Sampled {
    Sampled {
        stacks,
        asked: 1000,
        processor: Duration::from_millis(204),
        runs: 1,
    }
}

#[test]
fn stacks_are_joined() {
    let stacks = example();
    assert_eq!(stacks.total(), 102);
    assert!((stacks.share_with(&[Kind::Python]) - 100.0 / 102.0).abs() < 1e-9);
    let tree = Tree::of(&stacks);
    assert_eq!(tree.nodes.len(), 6);
    let main = tree.nodes[0].children[0];
    assert_eq!(tree.nodes[main].samples, [100, 0]);
    assert_eq!(tree.own(main), [0, 0]);
    let f = tree.nodes[main].children[0];
    assert_eq!((tree.nodes[f].samples, tree.own(f)), ([40, 0], [10, 0]));
    assert!((tree.width(f) - 40.0 / 102.0).abs() < 1e-9);
}

#[test]
fn merging_adds_samples_of_equal_stacks() {
    let mut all = example();
    let mut other = Stacks::default();
    let outside = other.number(Frame::named(Kind::Outside, "outside"));
    let h = python(&mut other, "h", 1);
    other.add(&[outside], 5);
    other.add(&[h], 1);
    all.merge(&other);
    assert_eq!(all.total(), 108);
    let text = folded::write(&all);
    assert!(
        text.contains("outside 7\n") && text.contains("h (a&b.py:1) 1\n"),
        "{text}"
    );
}

#[test]
fn folded_stacks_are_lines_with_numbers() {
    let text = folded::write(&example());
    let main = "<module> (a&b.py:9)";
    assert_eq!(
        text,
        format!(
            "{main};<g:> (a&b.py:5) 60\n{main};f (a&b.py:2) 10\n{main};f (a&b.py:2);load_fast 30\noutside 2\n"
        )
    );
    let two = folded::write_two(&Tree::of_two(&example(), &Stacks::default()));
    assert!(two.contains("f (a&b.py:2);load_fast 30 0\n"), "{two}");
    assert_eq!(two.lines().count(), 4);
}

#[test]
fn a_difference_is_told_from_chance() {
    let (mut first, mut second) = (Stacks::default(), Stacks::default());
    for (stacks, counts) in [(&mut first, [500, 480, 20]), (&mut second, [300, 490, 210])] {
        for (name, count) in ["a", "b", "c"].iter().zip(counts) {
            let frame = python(stacks, name, 1);
            stacks.add(&[frame], count);
        }
    }
    let tree = Tree::of_two(&first, &second);
    let of = |name: &str| {
        let node = (1..tree.nodes.len()).find(|&n| tree.frames[tree.nodes[n].frame].name == name);
        tree.difference(node.unwrap())
    };
    assert!(of("a").0 < -0.19 && of("a").1);
    assert!(of("c").0 > 0.18 && of("c").1);
    assert!(!of("b").1);
    let widths: f64 = tree.nodes[0].children.iter().map(|&c| tree.width(c)).sum();
    assert!((widths - 1.0).abs() < 1e-9);
    let names = Some(["switch/x".to_owned(), "tail/y".to_owned()]);
    let picture = svg::draw(
        &tree,
        &svg::Caption {
            names,
            ..svg::Caption::default()
        },
    );
    for part in [
        "larger share on switch/x",
        "larger share on tail/y",
        "class=\"less6\"",
        "class=\"more6\"",
        "50.0 % → 30.0 %: -20.0 points",
        "(within chance)",
    ] {
        assert!(picture.contains(part), "{part}");
    }
}

/// Start tags and end tags of a document fit, apart from its script and style.
fn is_balanced(document: &str) -> bool {
    let (start, rest) = document.split_once("<style>").unwrap();
    let (_, rest) = rest.split_once("</style>").unwrap();
    let (middle, rest) = rest.split_once("<script>").unwrap();
    let (_, end) = rest.split_once("</script>").unwrap();
    let mut open = Vec::new();
    let document = [start, middle, end].concat();
    for tag in document.split('<').skip(1) {
        let (tag, text) = tag.split_once('>').unwrap();
        assert!(!text.contains('&') || text.contains(';'), "{text}");
        let name = tag.split([' ', '/']).next().unwrap();
        match (tag.strip_prefix('/'), tag.ends_with(['/', '?'])) {
            (Some(name), _) if open.pop() != Some(name) => return false,
            (None, false) => open.push(name),
            _ => {}
        }
    }
    open.is_empty()
}

#[test]
fn a_picture_is_a_whole_document() {
    let run = sampled(example());
    let caption = svg::Caption {
        title: "a&b.py on <cell>".into(),
        account: vec![run.account()],
        ..svg::Caption::default()
    };
    let picture = svg::draw(&Tree::of(&run.stacks), &caption);
    assert!(is_balanced(&picture));
    for part in [
        "a&amp;b.py on &lt;cell&gt;",
        "102 samples in 0.20 s of processor time: 500 a second, 1000 asked for",
        "&lt;g;&gt; (a&amp;b.py:5)\n58.8 %, 60 of all samples",
        "prefers-color-scheme: dark",
        ">instruction</text>",
    ] {
        assert!(picture.contains(part), "{part}");
    }
    assert!(!picture.contains("superinstruction</text>"));
}

#[test]
fn too_few_samples_are_told() {
    let none = sampled(Stacks::default());
    let warning = none.warning().unwrap();
    assert!(warning.starts_with("Not one sample"));
    let caption = svg::Caption {
        warnings: vec![warning.clone()],
        ..svg::Caption::default()
    };
    let tree = Tree::of(&none.stacks);
    let picture = svg::draw(&tree, &caption);
    assert!(is_balanced(&picture) && picture.contains(&warning));
    assert!(is_balanced(&svg::draw(
        &Tree::of_two(&none.stacks, &example()),
        &caption
    )));
    let mut few = example();
    assert!(sampled(few.clone()).warning().is_none());
    few = Stacks::default();
    let f = python(&mut few, "f", 1);
    few.add(&[f], 3);
    assert!(sampled(few).warning().unwrap().contains("Only 3 samples"));
}

#[test]
fn deep_stacks_are_drawn() {
    let mut stacks = Stacks::default();
    let deep: Vec<u32> = (0..20_000)
        .map(|i| python(&mut stacks, "r", i + 1))
        .collect();
    stacks.add(&deep, 200);
    let picture = svg::draw(&Tree::of(&stacks), &svg::Caption::default());
    assert!(picture.contains("r (a&amp;b.py:20000)"));
}

#[test]
fn speedscope_files_have_what_the_schema_requires() {
    let (run, none) = (sampled(example()), sampled(Stacks::default()));
    let text = speedscope::write("title", &[("one", &run), ("two", &none), ("three", &run)]);
    let file: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        file["$schema"],
        "https://www.speedscope.app/file-format-schema.json"
    );
    let frames = file["shared"]["frames"].as_array().unwrap();
    assert_eq!(frames.len(), 10);
    assert!(frames.iter().all(|f| f["name"].is_string()));
    assert_eq!(frames[1]["line"], 2);
    let profiles = file["profiles"].as_array().unwrap();
    assert_eq!(profiles.len(), 3);
    for profile in profiles {
        assert_eq!(profile["type"], "sampled");
        assert!(profile["name"].is_string());
        assert_eq!(profile["unit"], "milliseconds");
        let (start, end) = (&profile["startValue"], &profile["endValue"]);
        assert!(start.is_number() && end.is_number());
        let samples = profile["samples"].as_array().unwrap();
        let weights = profile["weights"].as_array().unwrap();
        assert_eq!(samples.len(), weights.len());
        for number in samples.iter().flat_map(|s| s.as_array().unwrap()) {
            assert!((number.as_u64().unwrap() as usize) < frames.len());
        }
        let sum: f64 = weights.iter().map(|w| w.as_f64().unwrap()).sum();
        assert!((sum - end.as_f64().unwrap()).abs() < 1e-6);
    }
}

#[test]
fn digits_are_grouped() {
    assert_eq!(thousands(7), "7");
    assert_eq!(thousands(1234567), "1,234,567");
    assert_eq!(thousands(123456), "123,456");
}
