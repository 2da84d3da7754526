package report

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"postroom/session/cmdlet"
)

// Shared is what people hand on as a file: reports and packs in the form of the
// catalogue. It comes from anywhere, and is looked through before it is kept.
type Shared struct {
	Version int      `json:"version"`
	Reports []Report `json:"reports,omitempty"`
	Packs   []Pack   `json:"packs,omitempty"`
}

// sharedVersion is that of the files that are written.
const sharedVersion = 1

// MostShared is the largest file that is read, in bytes.
const MostShared = 1 << 20

// The bounds of what a file may hold.
const (
	mostShared  = 200  // reports and packs
	longestText = 4000 // characters of any text
)

// ChangesError is a report that may change something, by a command that is not
// known to read, and is not allowed to.
type ChangesError struct {
	Report string
	// Commands are the lines of the steps that do more than read.
	Commands []string
}

// Error names the commands.
func (e *ChangesError) Error() string {
	return fmt.Sprintf("report %s: does more than read: %s", e.Report, strings.Join(e.Commands, "; "))
}

// Changing gives the report and the commands.
func (e *ChangesError) Changing() (report string, commands []string) { return e.Report, e.Commands }

// ReadShared reads a file that somebody handed on. A field that is not known, a
// character that cannot be seen, a text without end, a step that is no command
// with parameters: each is refused, and names the place. Errors are *FormatError.
// What its commands may do is Review's.
func ReadShared(file []byte) (Shared, error) {
	var s Shared
	switch {
	case len(file) > MostShared:
		return s, &FormatError{Err: fmt.Errorf("more than %d bytes", MostShared)}
	case !utf8.Valid(file):
		return s, &FormatError{Err: errors.New("not UTF-8")}
	}
	file = bytes.TrimPrefix(file, []byte("\ufeff"))
	if err := onlySeen(file); err != nil {
		return s, &FormatError{Err: err}
	}
	decoder := json.NewDecoder(bytes.NewReader(file))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&s)
	switch {
	case err != nil:
		return s, &FormatError{Err: err}
	case decoder.More():
		return s, &FormatError{Err: errors.New("text behind the reports")}
	case s.Version < 1:
		return s, &FormatError{Err: errors.New("no version")}
	case s.Version > sharedVersion:
		return s, &FormatError{Err: fmt.Errorf("version %d is newer than this program knows: %d", s.Version, sharedVersion)}
	case len(s.Reports)+len(s.Packs) == 0:
		return s, &FormatError{Err: errors.New("no report")}
	case len(s.Reports)+len(s.Packs) > mostShared:
		return s, &FormatError{Err: fmt.Errorf("more than %d reports", mostShared)}
	}
	return s, s.check()
}

// check reads every report and pack as far as a run would.
func (s Shared) check() error {
	seen := map[string]bool{}
	twice := func(name string) error {
		if seen[name] {
			return &FormatError{Report: name, Err: errors.New("the name is there twice")}
		}
		seen[name] = true
		return nil
	}
	for _, r := range s.Reports {
		if err := cmp.Or(twice(r.Name), r.Check(), r.plainCommands()); err != nil {
			return err
		}
		if strings.TrimSpace(r.Title.En) == "" {
			return &FormatError{Report: r.Name, Err: errors.New("no title")}
		}
	}
	for _, p := range s.Packs {
		if err := cmp.Or(twice(p.Name), p.check()); err != nil {
			return err
		}
	}
	return nil
}

// onlySeen refuses characters that cannot be seen, in any text of a file of JSON:
// a name must be what it looks like.
func onlySeen(file []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(file))
	decoder.UseNumber()
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		text, ok := token.(string)
		if !ok {
			continue
		}
		if utf8.RuneCountInString(text) > longestText {
			return fmt.Errorf("a text of more than %d characters", longestText)
		}
		for _, r := range text {
			if hidden(r) {
				return fmt.Errorf("a character that cannot be seen: U+%04X in %+q", r, shortened(text))
			}
		}
	}
}

func shortened(text string) string {
	if runes := []rune(text); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return text
}

// blanks are letters and marks without anything to see.
var blanks = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x034F, 0x034F, 1},
		{0x115F, 0x1160, 1},
		{0x17B4, 0x17B5, 1},
		{0x180B, 0x180F, 1},
		{0x2028, 0x2029, 1},
		{0x2800, 0x2800, 1},
		{0x3164, 0x3164, 1},
		{0xFE00, 0xFE0F, 1},
		{0xFFA0, 0xFFA0, 1},
	},
	R32: []unicode.Range32{{0xE0000, 0xE0FFF, 1}},
}

// hidden says that a character cannot be seen or turns others round: controls,
// formats, private and unassigned ones, and blanks that are no space.
func hidden(r rune) bool {
	return r == utf8.RuneError || unicode.Is(blanks, r) || !unicode.IsGraphic(r) ||
		unicode.Is(unicode.Zs, r) && r != ' ' && r != '\u00A0' && r != '\u202F'
}

// cmdletForm is what a command of a shared report is called: a look-alike from
// another alphabet is none.
var cmdletForm = regexp.MustCompile(`^[A-Za-z]+-[A-Za-z0-9]+$`)

// parameterForm is what a parameter of a shared report is called: no answer names one.
var parameterForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*$`)

// plainCommands says that every step begins with a cmdlet's name, without a
// module's, has parameters of plain names, and no braces but those of placeholders:
// what looks like script is not kept, although none would be sent.
func (r Report) plainCommands() error {
	return r.eachStep(func(text string, c command) error {
		rest := strings.TrimSpace(placeholder.ReplaceAllString(text, ""))
		if strings.ContainsAny(rest, "{}`") || strings.Contains(rest, "$(") || !strings.HasPrefix(rest, c.pipeline[0].Cmdlet) {
			return fmt.Errorf("%q looks like script", shortened(text))
		}
		for _, inv := range c.pipeline {
			if !cmdletForm.MatchString(inv.Cmdlet) {
				return fmt.Errorf("%q is not a cmdlet", inv.Cmdlet)
			}
			for _, arg := range inv.Args {
				if arg.Name != "" && !parameterForm.MatchString(arg.Name) {
					return fmt.Errorf("%q names a parameter by an answer or a row", shortened(text))
				}
			}
		}
		return nil
	})
}

// eachStep gives every step that the report has for any service, once each.
// Errors are *FormatError.
func (r Report) eachStep(do func(text string, c command) error) error {
	all := slices.Clone(r.Steps)
	for _, v := range r.Variants {
		all = append(all, v.Steps...)
	}
	var texts []string
	for _, s := range all {
		texts = append(texts, s.Run)
		if s.Per != nil {
			texts = append(texts, s.Per.Of, s.Per.Run)
		}
	}
	seen := map[string]bool{}
	for _, text := range texts {
		if seen[text] {
			continue
		}
		seen[text] = true
		c, err := readCommand(text, nil)
		if err == nil {
			err = do(text, c)
		}
		if err != nil {
			return &FormatError{Report: r.Name, Err: err}
		}
	}
	return nil
}

// onlyReads gives a *ChangesError where a step may do more than read.
func (r Report) onlyReads() error {
	changes := &ChangesError{Report: r.Name}
	err := r.eachStep(func(text string, c command) error {
		if slices.ContainsFunc(c.pipeline, func(inv cmdlet.Invocation) bool { return cmdlet.RiskOf(inv.Cmdlet) != cmdlet.Reads }) {
			changes.Commands = append(changes.Commands, text)
		}
		return nil
	})
	if err == nil && len(changes.Commands) > 0 {
		return changes
	}
	return err
}

// Reads says that no step of the report may change something.
func (r Report) Reads() bool { return r.onlyReads() == nil }

// Reviewed is what a person should see of a report before it is kept.
type Reviewed struct {
	Name, Title string
	// Commands are all that it may run, for any service, as PowerShell.
	Commands []string
	// Changing are those of them that may change something.
	Changing []string
	// As is the name under which it would be kept: another one where its own is
	// taken.
	As string
	// Pack says that it is a pack; Commands are the names of its reports then.
	Pack bool
}

// Review lists what a file holds. language is a BCP 47 tag.
func (l *Library) Review(s Shared, language string) ([]Reviewed, error) {
	names, err := l.names(s)
	if err != nil {
		return nil, err
	}
	var list []Reviewed
	for _, r := range s.Reports {
		v := Reviewed{Name: r.Name, Title: r.Title.In(language), As: names[r.Name]}
		err := r.eachStep(func(text string, _ command) error {
			v.Commands = append(v.Commands, text)
			return nil
		})
		if err != nil {
			return nil, err
		}
		if changes, ok := errors.AsType[*ChangesError](r.onlyReads()); ok {
			v.Changing = changes.Commands
		}
		list = append(list, v)
	}
	for _, p := range s.Packs {
		v := Reviewed{Name: p.Name, Title: p.Title.In(language), As: names[p.Name], Pack: true}
		for _, part := range p.Parts {
			v.Commands = append(v.Commands, part.Report)
		}
		list = append(list, v)
	}
	return list, nil
}

// names says under which name each would be kept.
func (l *Library) names(s Shared) (map[string]string, error) {
	o, err := l.load()
	if err != nil {
		return nil, err
	}
	return l.named(&o, s), nil
}

// named is names over what is kept.
func (l *Library) named(o *own, s Shared) map[string]string {
	names := map[string]string{}
	over := own{Reports: slices.Clone(o.Reports), Packs: slices.Clone(o.Packs)}
	for _, r := range s.Reports {
		names[r.Name] = l.free(&over, r.Name)
		over.Reports = append(over.Reports, kept{Report: Report{Name: names[r.Name]}})
	}
	for _, p := range s.Packs {
		names[p.Name] = l.free(&over, p.Name)
		over.Packs = append(over.Packs, Pack{Name: names[p.Name]})
	}
	return names
}

// Permission is what a person lets the reports of a file do.
type Permission bool

// Whether reports that may change something are kept.
const (
	ReadingOnly Permission = false
	AlsoChanges Permission = true
)

// Import keeps what a file holds; it gives the names under which it is kept. All
// of it is kept, or nothing. Where a report may change something and that is not
// permitted the error is a *ChangesError.
func (l *Library) Import(ctx context.Context, s Shared, may Permission) ([]string, error) {
	for _, r := range s.Reports {
		if err := r.onlyReads(); err != nil && may != AlsoChanges {
			return nil, err
		}
	}
	var kepts []string
	err := l.change(ctx, func(o *own) error {
		names := l.named(o, s)
		kepts = nil
		for _, r := range s.Reports {
			changes := r.onlyReads() != nil
			r.Title = r.Title.numbered(numberOf(r.Name, names[r.Name]))
			r.Name, r.Rank = names[r.Name], 0 // none comes before those of the catalogue
			o.Reports = append(o.Reports, kept{Report: r, Allowed: changes && may == AlsoChanges})
			kepts = append(kepts, r.Name)
		}
		for _, p := range s.Packs {
			p.Title = p.Title.numbered(numberOf(p.Name, names[p.Name]))
			p.Name = names[p.Name]
			p.Parts = slices.Clone(p.Parts)
			for i, part := range p.Parts {
				if as, here := names[part.Report]; here {
					p.Parts[i].Report = as
				}
			}
			o.Packs = append(o.Packs, p)
			kepts = append(kepts, p.Name)
		}
		return nil
	})
	return kepts, err
}

// Share gives the file for some reports and packs, by name; the reports of one's
// own that a pack has go with it. It gives ErrNotOwn for a name that nothing has.
func (l *Library) Share(names ...string) ([]byte, error) {
	reports, err := l.Reports()
	packs, packErr := l.Packs()
	s := Shared{Version: sharedVersion}
	add := func(name string, ownOnly bool) bool {
		i := slices.IndexFunc(reports, func(r Report) bool { return strings.EqualFold(r.Name, name) })
		if i < 0 {
			return false
		}
		here := slices.ContainsFunc(s.Reports, func(r Report) bool { return r.Name == reports[i].Name })
		if !here && (reports[i].Own || !ownOnly) {
			s.Reports = append(s.Reports, reports[i])
		}
		return true
	}
	for _, name := range names {
		if add(name, false) {
			continue
		}
		i := slices.IndexFunc(packs, func(p Pack) bool { return strings.EqualFold(p.Name, name) })
		if i < 0 {
			return nil, errors.Join(fmt.Errorf("%w: %s", ErrNotOwn, name), err, packErr)
		}
		s.Packs = append(s.Packs, packs[i])
		for _, part := range packs[i].Parts {
			add(part.Report, true)
		}
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(s); err != nil {
		return nil, fmt.Errorf("write the file of reports: %w", err)
	}
	return b.Bytes(), nil
}
