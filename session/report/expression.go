package report

import (
	"fmt"
	"strings"
)

// Expression computes a value of a row. It is text in this small language:
//
//	Property   1.Property   2.Property   a property of the row (of a step's row);
//	                                     of a step that is asked whole: its values of all rows
//	?question                            is written as question(name)
//	'text' 12 1.5 50GB 90d 6h 10min      texts, numbers, amounts of data, lengths of time
//	true false null ['a', 'b']
//	+ - * /   = != < <= > >=             numbers, times and lengths of time, texts
//	a has b   a in b   begins  ends      of texts and lists, letter case aside
//	and or not ( )
//	f(a, b)                              one of Usages
//
// Comparing, adding or computing with what has no value gives null, and null is
// not true. Names of properties have any letter case. An expression ends by
// itself: it has no loops, its length and depth are bounded, and so is what it
// computes: a text or a list of more than a million characters is null.
type Expression struct {
	source string
	root   node
}

// The bounds of an expression.
const (
	longestExpression = 2000 // bytes
	deepest           = 40   // levels
)

// SyntaxError says that an expression cannot be read.
type SyntaxError struct {
	Expression string
	// At is the byte where it stops making sense.
	At int
	// Want is what could have stood there.
	Want string
}

// Error gives the place.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("expression %q: %s expected at %d", e.Expression, e.Want, e.At)
}

// Misread gives the expression, the place, and what could have stood there.
func (e *SyntaxError) Misread() (expression string, at int, want string) {
	return e.Expression, e.At, e.Want
}

// Parse reads an expression. Errors are *SyntaxError.
func Parse(source string) (*Expression, error) {
	if len(source) > longestExpression {
		return nil, &SyntaxError{Expression: source[:40] + "…", At: longestExpression, Want: "the end"}
	}
	words, err := lex(source)
	if err != nil {
		return nil, err
	}
	p := &parser{source: source, words: words}
	root, err := p.either()
	if err != nil {
		return nil, err
	}
	if p.words[0].kind != tokenEnd {
		return nil, p.fail("the end")
	}
	return &Expression{source: source, root: root}, nil
}

// String gives the text that it was read from.
func (e *Expression) String() string { return e.source }

// scope is where an expression finds what it names.
type scope interface {
	// property gives a property of the row; nil where it is not there.
	property(name string) value
	// answer gives what a person said to a question.
	answer(name string) value
	now() moments
}

// node is a part of an expression.
type node interface {
	eval(scope) value
	visit(func(node))
}

// parser reads words by precedence: or, and, not, comparison, sum, product.
type parser struct {
	source string
	words  []token
	depth  int
}

func (p *parser) fail(want string) error {
	return &SyntaxError{Expression: p.source, At: p.words[0].at, Want: want}
}

// take takes the next word when it is one of these, and gives it in lower case.
func (p *parser) take(texts ...string) string {
	t := p.words[0]
	if t.kind != tokenSign && t.kind != tokenName {
		return ""
	}
	for _, text := range texts {
		if strings.EqualFold(t.text, text) {
			p.words = p.words[1:]
			return text
		}
	}
	return ""
}

func (p *parser) either() (node, error) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > deepest {
		return nil, p.fail("fewer levels")
	}
	return p.chain(p.both, "or")
}

func (p *parser) both() (node, error) { return p.chain(p.negated, "and") }

// chain reads operands with the same kind of operators between.
func (p *parser) chain(operand func() (node, error), operators ...string) (node, error) {
	left, err := operand()
	for err == nil {
		op := p.take(operators...)
		if op == "" {
			return left, nil
		}
		var right node
		if right, err = operand(); err == nil {
			left = binary{op, left, right}
		}
	}
	return nil, err
}

func (p *parser) negated() (node, error) {
	if p.take("not") == "" {
		return p.compared()
	}
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > deepest {
		return nil, p.fail("fewer levels")
	}
	of, err := p.negated()
	return negation{of}, err
}

func (p *parser) compared() (node, error) {
	left, err := p.sum()
	if err != nil {
		return nil, err
	}
	op := p.take("=", "!=", "<=", ">=", "<", ">", "has", "in", "begins", "ends")
	if op == "" {
		return left, nil
	}
	right, err := p.sum()
	return binary{op, left, right}, err
}

func (p *parser) sum() (node, error)     { return p.chain(p.product, "+", "-") }
func (p *parser) product() (node, error) { return p.chain(p.single, "*", "/") }

func (p *parser) single() (node, error) {
	t := p.words[0]
	switch {
	case t.kind == tokenLiteral:
		p.words = p.words[1:]
		return constant{t.value}, nil
	case p.take("-") != "":
		of, err := p.single()
		return binary{"-", constant{0.0}, of}, err
	case p.take("(") != "":
		within, err := p.either()
		if err == nil && p.take(")") == "" {
			err = p.fail(")")
		}
		return within, err
	case p.take("[") != "":
		parts, err := p.list("]")
		return listing(parts), err
	case t.kind == tokenName:
		p.words = p.words[1:]
		return p.named(t)
	}
	return nil, p.fail("a value")
}

// named is a word of the language, a function, or a property.
func (p *parser) named(t token) (node, error) {
	switch strings.ToLower(t.text) {
	case "true":
		return constant{true}, nil
	case "false":
		return constant{false}, nil
	case "null":
		return constant{nil}, nil
	}
	if p.take("(") == "" {
		return property(t.text), nil
	}
	f, known := functions[strings.ToLower(t.text)]
	if !known {
		return nil, &SyntaxError{Expression: p.source, At: t.at, Want: "a function"}
	}
	arguments, err := p.list(")")
	if err != nil {
		return nil, err
	}
	if len(arguments) < f.least || len(arguments) > f.most {
		return nil, &SyntaxError{Expression: p.source, At: t.at, Want: "other arguments"}
	}
	return call{f, arguments}, nil
}

// list reads values with commas between, up to the closing sign.
func (p *parser) list(closing string) ([]node, error) {
	var parts []node
	if p.take(closing) != "" {
		return nil, nil
	}
	for {
		part, err := p.either()
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
		if p.take(closing) != "" {
			return parts, nil
		}
		if p.take(",") == "" {
			return nil, p.fail(closing)
		}
	}
}
