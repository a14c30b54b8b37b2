//! Token kinds: CPython 3.5's `token.h`, with every keyword a kind of its own.
//!
//! The order is free, but kinds must stay below 128: the grammar tables keep sets of them in
//! a `u128`.

macro_rules! kinds {
    ($($name:ident $text:literal),* $(,)?) => {
        /// What a token is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub(crate) enum Kind {
            $(#[doc = $text] $name),*
        }

        impl Kind {
            /// Every kind, in order.
            pub const ALL: &'static [Kind] = &[$(Kind::$name),*];

            /// The spelling of operators and keywords, the grammar's word for the others.
            pub const fn text(self) -> &'static str {
                match self {
                    $(Kind::$name => $text),*
                }
            }
        }
    };
}

kinds! {
    EndMarker "ENDMARKER", Name "NAME", Number "NUMBER", Str "STRING", Newline "NEWLINE",
    Indent "INDENT", Dedent "DEDENT", Async "ASYNC", Await "AWAIT",
    // A character that begins no token: no grammar rule takes it.
    Unknown "OP",
    LPar "(", RPar ")", LSqb "[", RSqb "]", LBrace "{", RBrace "}",
    Colon ":", Comma ",", Semi ";", Plus "+", Minus "-", Star "*", Slash "/", VBar "|",
    Amper "&", Less "<", Greater ">", Equal "=", Dot ".", Percent "%", Tilde "~",
    Circumflex "^", At "@", EqEqual "==", NotEqual "!=", Diamond "<>", LessEqual "<=",
    GreaterEqual ">=",
    LeftShift "<<", RightShift ">>", DoubleStar "**", DoubleSlash "//", PlusEqual "+=",
    MinEqual "-=", StarEqual "*=", SlashEqual "/=", PercentEqual "%=", AmperEqual "&=",
    VBarEqual "|=", CircumflexEqual "^=", AtEqual "@=", LeftShiftEqual "<<=",
    RightShiftEqual ">>=", DoubleStarEqual "**=", DoubleSlashEqual "//=", RArrow "->",
    Ellipsis "...", ColonEqual ":=",
    False "False", None "None", True "True", And "and", As "as", Assert "assert",
    Break "break", Class "class", Continue "continue", Def "def", Del "del", Elif "elif",
    Else "else", Except "except", Finally "finally", For "for", From "from",
    Global "global", If "if", Import "import", In "in", Is "is", Lambda "lambda",
    Nonlocal "nonlocal", Not "not", Or "or", Pass "pass", Raise "raise", Return "return",
    Try "try", While "while", With "with", Yield "yield",
}

impl Kind {
    /// How many kinds there are.
    pub const COUNT: usize = Kind::ALL.len();

    /// The kind of the word `text`: a keyword, or NAME.
    pub fn of_word(text: &[u8]) -> Kind {
        match text {
            b"if" => Kind::If,
            b"in" => Kind::In,
            b"is" => Kind::Is,
            b"or" => Kind::Or,
            b"as" => Kind::As,
            b"and" => Kind::And,
            b"def" => Kind::Def,
            b"del" => Kind::Del,
            b"for" => Kind::For,
            b"not" => Kind::Not,
            b"try" => Kind::Try,
            b"True" => Kind::True,
            b"None" => Kind::None,
            b"elif" => Kind::Elif,
            b"else" => Kind::Else,
            b"from" => Kind::From,
            b"pass" => Kind::Pass,
            b"with" => Kind::With,
            b"False" => Kind::False,
            b"break" => Kind::Break,
            b"class" => Kind::Class,
            b"raise" => Kind::Raise,
            b"while" => Kind::While,
            b"yield" => Kind::Yield,
            b"assert" => Kind::Assert,
            b"except" => Kind::Except,
            b"global" => Kind::Global,
            b"import" => Kind::Import,
            b"lambda" => Kind::Lambda,
            b"return" => Kind::Return,
            b"finally" => Kind::Finally,
            b"continue" => Kind::Continue,
            b"nonlocal" => Kind::Nonlocal,
            _ => Kind::Name,
        }
    }

    /// Whether it opens a bracket.
    pub fn is_open_bracket(self) -> bool {
        matches!(self, Kind::LPar | Kind::LSqb | Kind::LBrace)
    }

    /// Whether it closes a bracket.
    pub fn is_close_bracket(self) -> bool {
        matches!(self, Kind::RPar | Kind::RSqb | Kind::RBrace)
    }
}
