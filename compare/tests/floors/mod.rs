//! The floors of `compare` and of the machinery of `shared`: a lower one never imports from a higher one, and no files
//! import each other in a circle.
//!
//! The compiler has no such rule within a crate. So the tokens of each file are read: every path that begins with
//! `crate`, `super`, `self` or a child's name is followed, through what a `mod.rs` or the crate's root re-exports, to
//! the file in which the item stands. What only tests import is left out.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

use super::tree::{files, source};

/// From the ground up; what stands on one floor is a group.
const COMPARE: &[&[&str]] = &[
    &["capture"],
    &["pair"],
    &["lab"],
    &["behaviour"],
    &["timing"],
    &["cost"],
    &["archive"],
    &["report"],
    &["campaign"],
    &["render"],
    &["commands"],
];

/// The same of `shared`: the machinery, what the primitives say, the sections, and what the primitives are held to.
const SHARED: &[&[&str]] = &[
    &["steps"],
    &["run"],
    &["trace"],
    &["rules"],
    &["problem"],
    &["misuse"],
    &[
        "creating",
        "exercises",
        "gil",
        "introduction",
        "locals",
        "locks",
        "pools",
        "practices",
        "signals",
        "synchronization",
    ],
    &["conformance"],
];

#[test]
fn no_floor_of_compare_imports_from_a_higher_one() {
    assert_eq!(Crate::read("compare").upward(COMPARE), Vec::<String>::new());
}

#[test]
fn no_floor_of_shared_imports_from_a_higher_one() {
    assert_eq!(Crate::read("shared").upward(SHARED), Vec::<String>::new());
}

#[test]
fn no_files_import_each_other() {
    for member in ["compare", "shared"] {
        assert_eq!(Crate::read(member).circle(), None, "{member}");
    }
}

#[test]
fn every_folder_says_what_it_is_for_and_what_it_does_not_know() {
    for (member, floors) in [("compare", COMPARE), ("shared", &SHARED[..5])] {
        let library = Crate::read(member);
        for &floor in floors.concat().iter().filter(|floor| library.files.contains_key(&path(floor))) {
            let file = &library.files[&path(floor)].name;
            let text = source(member, file);
            let doc: Vec<&str> = text.lines().map_while(|line| line.strip_prefix("//!")).collect();
            let doc = doc.concat();
            assert!(doc.contains("know") && doc.matches(". ").count() >= 1, "{member}/src/{file}:{doc}");
        }
    }
}

/// A wrong house, to show that the test sees what it is for.
#[test]
fn what_is_wrong_is_seen() {
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let house = |low: &str| {
        Crate::of([
            file("lib.rs", "pub mod low; pub mod high; pub use high::roof::{self as top, Tile};"),
            file("low/mod.rs", "mod cellar; pub use cellar::Stone;"),
            file("low/cellar.rs", low),
            file("high/mod.rs", "pub mod roof;"),
            file("high/roof.rs", "use crate::low::Stone; pub struct Tile(Stone);"),
        ])
    };
    let floors: &[&[&str]] = &[&["low"], &["high"]];
    for wrong in [
        "use crate::Tile; pub struct Stone(Tile);",
        "use crate::{high::{roof::Tile}}; pub struct Stone(Tile);",
        "pub struct Stone(crate::high::roof::Tile);",
        "pub struct Stone(crate::top::Tile);",
        "pub struct Stone; fn lay() { super::super::Tile(Stone); }",
        "macro_rules! lay { () => { $crate::Tile } } pub struct Stone;",
        "pub struct Stone { tile: crate::Tile }",
        "pub struct Stone; fn lay(tile: crate::Tile) {}",
        "pub struct Stone; fn lay(both: (crate::Tile, u8)) {}",
        "pub struct Stone; fn lay() { let tile: crate::Tile = todo; }",
        "pub struct Stone { tile: u8 } fn lay() { Stone { tile: crate::high::roof::make() }; }",
        "pub struct Stone; impl<T: crate::high::roof::Trait> Lay for T where T: crate::Tile {}",
        "pub struct Stone { #[cfg(test)] tested: u8, tiles: Vec<crate::Tile> }",
        "pub struct Stone { #[serde(with = \"crate::high::roof\")] tile: u8 }",
    ] {
        let due = "low/cellar.rs imports from high/roof.rs, which is higher";
        assert_eq!(house(wrong).upward(floors), [due], "{wrong}");
        assert_eq!(house(wrong).circle().as_deref(), Some("high/roof.rs → low/cellar.rs → high/roof.rs"));
    }
    // Whoever gives the root another name imports from the root, which is above all.
    let renamed = house("use crate as root; pub struct Stone(root::Tile);").upward(floors);
    assert_eq!(renamed, ["low/cellar.rs imports from lib.rs, which is higher"]);
    for right in [
        "pub struct Stone; // crate::Tile",
        "#[cfg(test)] mod tests { use crate::Tile; } /// [`crate::Tile`]\n pub struct Stone;",
        "pub struct Stone; fn lay() { let Tile = \"crate::Tile\"; self::Stone; }",
    ] {
        assert_eq!((house(right).upward(floors), house(right).circle()), (vec![], None), "{right}");
    }
}

/// A module, by the names that lead to it from the root.
type Module = Vec<String>;

/// A path within the crate, from the root.
type Names = Vec<String>;

fn path(names: &str) -> Module {
    names.split('/').filter(|name| !name.is_empty()).map(String::from).collect()
}

/// The files of a crate, each with what it names.
struct Crate {
    files: BTreeMap<Module, File>,
    /// Where each exported macro stands, which is named from the root.
    macros: BTreeMap<String, Module>,
}

/// One file.
struct File {
    name: String,
    /// The paths that it names, from the root.
    named: BTreeSet<Names>,
    /// What it re-exports, and what that is.
    exported: BTreeMap<String, Names>,
}

impl Crate {
    fn read(member: &str) -> Self {
        let is_main = |file: &String| file.rsplit('/').next() == Some("main.rs");
        let files = files(member).into_iter().filter(|file| !is_main(file));
        Self::of(files.map(|file| (file.clone(), source(member, &file))))
    }

    fn of(texts: impl IntoIterator<Item = (String, String)>) -> Self {
        let texts: BTreeMap<Module, (String, TokenStream)> = texts
            .into_iter()
            .map(|(name, text)| {
                let module = name.strip_suffix(".rs").expect("Rust");
                let module = module.strip_suffix("/mod").or(module.strip_suffix("lib")).unwrap_or(module);
                (path(module), (name, text.parse().expect("it is compiled")))
            })
            .collect();
        let modules: BTreeSet<Module> = texts.keys().cloned().collect();
        let mut library = Self { files: BTreeMap::new(), macros: BTreeMap::new() };
        let mut for_tests = BTreeSet::new();
        for (module, (name, tokens)) in texts {
            let mut reader = Reader::new(&module, &modules);
            reader.read(tokens);
            let Reader { named, exported, macros, for_tests: own, .. } = reader;
            library.macros.extend(macros.into_iter().map(|name| (name, module.clone())));
            for_tests.extend(own);
            library.files.insert(module, File { name, named, exported });
        }
        library.files.retain(|module, _| !for_tests.contains(module));
        library
    }

    /// The module in whose file that stands to which this path leads.
    fn resolve(&self, names: &[String]) -> Module {
        if let [name] = names
            && let Some(module) = self.macros.get(name)
        {
            return module.clone();
        }
        let mut module = Module::new();
        for (place, name) in names.iter().enumerate() {
            let child = [module.as_slice(), std::slice::from_ref(name)].concat();
            if self.files.contains_key(&child) {
                module = child;
                continue;
            }
            let exported = self.files.get(&module).and_then(|file| file.exported.get(name));
            return match exported {
                Some(origin) => self.resolve(&[origin.as_slice(), &names[place + 1..]].concat()),
                None => module,
            };
        }
        module
    }

    /// The files from which a file imports.
    fn imports(&self, module: &Module) -> BTreeSet<Module> {
        let named = self.files[module].named.iter().map(|names| self.resolve(names));
        named.filter(|target| target != module && self.files.contains_key(target)).collect()
    }

    /// What imports from a higher floor; the root stands above all.
    fn upward(&self, floors: &[&[&str]]) -> Vec<String> {
        let floor = |module: &Module| {
            let first = module.first()?;
            let floor = floors.iter().position(|floor| floor.contains(&first.as_str()));
            Some(floor.unwrap_or_else(|| panic!("{first} stands on no floor")))
        };
        let wrong = |module: &Module| {
            let own = floor(module)?;
            let higher =
                self.imports(module).into_iter().filter(|target| floor(target).is_none_or(|it| it > own));
            let line = |target: Module| {
                format!(
                    "{} imports from {}, which is higher",
                    self.files[module].name, self.files[&target].name
                )
            };
            Some(higher.map(line).collect::<Vec<_>>())
        };
        self.files.keys().filter_map(wrong).flatten().collect()
    }

    /// A circle of imports, if there is one: depth first, where a circle leads back to a file that is being gone
    /// through.
    fn circle(&self) -> Option<String> {
        fn visit(
            library: &Crate,
            module: &Module,
            way: &mut Vec<Module>,
            over: &mut BTreeSet<Module>,
        ) -> Option<String> {
            if let Some(start) = way.iter().position(|earlier| earlier == module) {
                let circle =
                    way[start..].iter().chain([module]).map(|module| library.files[module].name.as_str());
                return Some(circle.collect::<Vec<_>>().join(" → "));
            }
            if !over.insert(module.clone()) {
                return None;
            }
            way.push(module.clone());
            let found = library.imports(module).iter().find_map(|target| visit(library, target, way, over));
            way.pop();
            found
        }
        let (mut way, mut over) = (Vec::new(), BTreeSet::new());
        self.files.keys().find_map(|module| visit(self, module, &mut way, &mut over))
    }
}

/// Reads the tokens of one file.
struct Reader<'a> {
    module: &'a Module,
    modules: &'a BTreeSet<Module>,
    named: BTreeSet<Names>,
    exported: BTreeMap<String, Names>,
    macros: BTreeSet<String>,
    /// The children that are there for tests only.
    for_tests: BTreeSet<Module>,
}

impl<'a> Reader<'a> {
    fn new(module: &'a Module, modules: &'a BTreeSet<Module>) -> Self {
        let (named, exported) = (BTreeSet::new(), BTreeMap::new());
        Self { module, modules, named, exported, macros: BTreeSet::new(), for_tests: BTreeSet::new() }
    }

    fn read(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let word = |at: usize| tokens.get(at).map(ToString::to_string).unwrap_or_default();
        let (mut at, mut is_public, mut is_exported) = (0, false, false);
        while at < tokens.len() {
            match word(at).as_str() {
                "#" => {
                    let attribute = word(at + 1).replace(' ', "");
                    if let Some(TokenTree::Group(group)) = tokens.get(at + 1) {
                        self.read_names(group.stream());
                    }
                    at += 2;
                    is_exported |= attribute == "[macro_export]";
                    if attribute == "[cfg(test)]" {
                        // The whole item, which ends with a semicolon or with its body; a field ends with a comma.
                        let is_end = |token: &TokenTree| {
                            [";", ","].contains(&token.to_string().as_str())
                                || matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
                        };
                        let end =
                            tokens[at..].iter().position(is_end).map_or(tokens.len(), |end| at + end + 1);
                        if let Some(name) = (at..end).find(|&at| word(at) == "mod").map(|at| word(at + 1)) {
                            self.for_tests.insert([self.module.as_slice(), &[name]].concat());
                        }
                        at = end;
                    }
                }
                "macro_rules" => {
                    if std::mem::take(&mut is_exported) {
                        self.macros.insert(word(at + 2));
                    }
                    at += 3;
                }
                "pub" => {
                    is_public = true;
                    at += 1
                        + usize::from(
                            matches!(tokens.get(at + 1), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis),
                        );
                    if word(at) == "use" {
                        at += 1;
                        continue;
                    }
                    is_public = false;
                }
                // The second part of a path such as `Self::crate_name` begins none.
                _ if at > 1
                    && matches!(&tokens[at], TokenTree::Ident(_))
                    && word(at - 1) == ":"
                    && matches!(&tokens[at - 2], TokenTree::Punct(colon) if colon.as_char() == ':' && colon.spacing() == Spacing::Joint) =>
                {
                    at += 1;
                }
                first => {
                    let is_renamed = first == "crate" && word(at + 1) == "as";
                    let begins_path = is_renamed || word(at + 1) == ":" && word(at + 2) == ":";
                    if let Some(base) = self.base(first).filter(|_| begins_path) {
                        at = self.follow(base, &tokens, at + 1, is_public);
                    } else {
                        if let TokenTree::Group(group) = &tokens[at] {
                            self.read(group.stream());
                        }
                        at += 1;
                    }
                    is_public = false;
                }
            }
        }
    }

    /// Reads the paths that an attribute names in strings, as serde's do.
    fn read_names(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.read_names(group.stream()),
                TokenTree::Literal(literal) => {
                    let text = literal.to_string();
                    let text = text.trim_matches('"');
                    if ["crate::", "super::", "self::"].iter().any(|start| text.starts_with(start))
                        && let Ok(path) = text.parse()
                    {
                        self.read(path);
                    }
                }
                _ => {}
            }
        }
    }

    /// Where a path leads that begins with this word; none where it leads out of the crate.
    fn base(&self, first: &str) -> Option<Names> {
        let child = [self.module.as_slice(), &[first.to_owned()]].concat();
        match first {
            "crate" => Some(Names::new()),
            "self" => Some(self.module.clone()),
            "super" => Some(self.module[..self.module.len().saturating_sub(1)].to_vec()),
            _ => self.modules.contains(&child).then_some(child),
        }
    }

    /// Follows a path from here on, through the braces of a `use` too; answers where it ends.
    fn follow(&mut self, mut names: Names, tokens: &[TokenTree], mut at: usize, is_public: bool) -> usize {
        let is = |at: usize, due: &str| tokens.get(at).is_some_and(|token| token.to_string() == due);
        while is(at, ":") && is(at + 1, ":") {
            match tokens.get(at + 2) {
                Some(TokenTree::Ident(name)) if *name == "super" => drop(names.pop()),
                Some(TokenTree::Ident(name)) if *name == "self" => {}
                Some(TokenTree::Ident(name)) => names.push(name.to_string()),
                Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                    self.follow_all(&names, group, is_public);
                    return at + 3;
                }
                _ => break,
            }
            at += 3;
        }
        let name =
            if is(at, "as") { tokens.get(at + 1).map(ToString::to_string) } else { names.last().cloned() };
        if let Some(name) = name.filter(|_| is_public) {
            self.exported.insert(name, names.clone());
        }
        self.named.insert(names);
        at
    }

    fn follow_all(&mut self, names: &[String], group: &Group, is_public: bool) {
        let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
        for part in tokens.split(|token| token.to_string() == ",").filter(|part| !part.is_empty()) {
            // With what would stand before it, the first word of a part is one more of the path.
            let colons: TokenStream = "::".parse().expect("a token");
            let part: Vec<TokenTree> = colons.into_iter().chain(part.iter().cloned()).collect();
            self.follow(names.to_vec(), &part, 0, is_public);
        }
    }
}
