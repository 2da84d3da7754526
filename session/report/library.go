package report

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"postroom/session/jsonfile"
)

// Library are the reports and packs that come with the program, and the person's
// own, which lie in a file. It may be used from any goroutine and by several
// processes at once; each question reads the file.
type Library struct {
	path      string
	catalogue Catalogue
}

// Catalogue are reports and packs that were read and checked. Nobody changes it, so
// libraries may share one.
type Catalogue struct {
	reports []Report
	packs   []Pack
}

// ReadCatalogue reads a file of reports and one of packs. Errors are *FormatError.
func ReadCatalogue(reports, packs []byte) (c Catalogue, err error) {
	if c.reports, err = Load(reports); err != nil {
		return Catalogue{}, err
	}
	if c.packs, err = loadPacks(packs); err != nil {
		return Catalogue{}, err
	}
	return c, nil
}

// NewLibrary gives a catalogue, and what path has, the file of the person's own, which
// is read later.
func NewLibrary(path string, c Catalogue) *Library { return &Library{path: path, catalogue: c} }

// ownVersion is that of the file of the person's own.
const ownVersion = 1

// own is what the file holds.
type own struct {
	Reports []kept `json:"reports,omitempty"`
	Packs   []Pack `json:"packs,omitempty"`
}

// kept is a report of the person's.
type kept struct {
	Report
	// Allowed says that the person lets it change something.
	Allowed bool `json:"allowed,omitempty"`
}

// The errors of a Library.
var (
	// ErrTaken: the name is that of a report or pack that is there.
	ErrTaken = errors.New("report: the name is taken")
	// ErrNotOwn: there is no report or pack of the person's of that name.
	ErrNotOwn = errors.New("report: none of your own has that name")
)

// Reports gives all reports, the person's own behind the others. Those of the
// person's that cannot be used are left out and told by the error, beside the
// rest: a *FormatError or *ChangesError for each, or what jsonfile says of the
// file.
func (l *Library) Reports() ([]Report, error) {
	list := slices.Clone(l.catalogue.reports)
	var o own
	failed := jsonfile.Load(l.path, ownVersion, &o)
	for _, k := range o.Reports {
		r := k.Report
		r.Own, r.Allowed = true, k.Allowed
		err := r.Check()
		if err == nil && !r.Allowed {
			err = r.onlyReads()
		}
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		list = append(list, r)
	}
	return list, failed
}

// Packs gives all packs, the person's own behind the others. Errors are as those
// of Reports.
func (l *Library) Packs() ([]Pack, error) {
	list := slices.Clone(l.catalogue.packs)
	var o own
	failed := jsonfile.Load(l.path, ownVersion, &o)
	for _, p := range o.Packs {
		p.Own = true
		if err := p.check(); err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		list = append(list, p)
	}
	return list, failed
}

// Saving says what may be replaced.
type Saving bool

// Whether one of the person's own of the same name is replaced.
const (
	New     Saving = false
	Replace Saving = true
)

// Save keeps a report as the person's own. The name must be free, or with Replace
// that of one's own. Errors are *FormatError, *ChangesError where the report may
// change something and is not Allowed to, ErrTaken, and those of the file.
func (l *Library) Save(ctx context.Context, r Report, s Saving) error {
	if err := errors.Join(r.Check(), seenIn(r.Name, r)); err != nil {
		return err
	}
	if !r.Allowed {
		if err := r.onlyReads(); err != nil {
			return err
		}
	}
	return l.change(ctx, func(o *own) error {
		i := o.report(r.Name)
		if l.taken(r.Name) || o.pack(r.Name) >= 0 || i >= 0 && s != Replace {
			return fmt.Errorf("%w: %s", ErrTaken, r.Name)
		}
		k := kept{Report: r, Allowed: r.Allowed}
		if i >= 0 {
			o.Reports[i] = k
		} else {
			o.Reports = append(o.Reports, k)
		}
		return nil
	})
}

// seenIn refuses characters that cannot be seen in any text of a report or a pack, as
// ReadShared does.
func seenIn(name string, kept any) error {
	text, err := json.Marshal(kept)
	if err == nil {
		err = onlySeen(text)
	}
	if err != nil {
		return &FormatError{Report: name, Err: err}
	}
	return nil
}

// SavePack keeps a pack as the person's own, as Save does a report.
func (l *Library) SavePack(ctx context.Context, p Pack, s Saving) error {
	if err := errors.Join(p.check(), seenIn(p.Name, p)); err != nil {
		return err
	}
	return l.change(ctx, func(o *own) error {
		i := o.pack(p.Name)
		if l.taken(p.Name) || o.report(p.Name) >= 0 || i >= 0 && s != Replace {
			return fmt.Errorf("%w: %s", ErrTaken, p.Name)
		}
		if i >= 0 {
			o.Packs[i] = p
		} else {
			o.Packs = append(o.Packs, p)
		}
		return nil
	})
}

// Remove takes a report or a pack of the person's own away. It gives ErrNotOwn.
func (l *Library) Remove(ctx context.Context, name string) error {
	return l.change(ctx, func(o *own) error {
		reports, packs := len(o.Reports), len(o.Packs)
		o.Reports = slices.DeleteFunc(o.Reports, func(k kept) bool { return strings.EqualFold(k.Name, name) })
		o.Packs = slices.DeleteFunc(o.Packs, func(p Pack) bool { return strings.EqualFold(p.Name, name) })
		if len(o.Reports) == reports && len(o.Packs) == packs {
			return fmt.Errorf("%w: %s", ErrNotOwn, name)
		}
		return nil
	})
}

// Free gives a name that nothing has: the one that is wanted, made of a title if
// need be, or with a number behind it.
func (l *Library) Free(wanted string) (string, error) {
	o, err := l.load()
	return l.free(&o, wanted), err
}

// load reads the file. One that cannot be read was set aside: nothing is kept.
func (l *Library) load() (o own, err error) {
	err = jsonfile.Load(l.path, ownVersion, &o)
	if _, aside := errors.AsType[*jsonfile.SetAsideError](err); aside {
		err = nil
	}
	return o, err
}

func (l *Library) free(o *own, wanted string) string {
	base := NameOf(wanted)
	for n := 1; ; n++ {
		name := base
		if n > 1 {
			name = fmt.Sprintf("%s-%d", base, n)
		}
		if !l.taken(name) && o.report(name) < 0 && o.pack(name) < 0 {
			return name
		}
	}
}

// taken says that the name is that of what comes with the program.
func (l *Library) taken(name string) bool {
	return slices.ContainsFunc(l.catalogue.reports, func(r Report) bool { return strings.EqualFold(r.Name, name) }) ||
		slices.ContainsFunc(l.catalogue.packs, func(p Pack) bool { return strings.EqualFold(p.Name, name) })
}

func (o *own) report(name string) int {
	return slices.IndexFunc(o.Reports, func(k kept) bool { return strings.EqualFold(k.Name, name) })
}

func (o *own) pack(name string) int {
	return slices.IndexFunc(o.Packs, func(p Pack) bool { return strings.EqualFold(p.Name, name) })
}

// change changes the file. One that could not be read was set aside, and is told.
func (l *Library) change(ctx context.Context, do func(*own) error) error {
	aside, err := jsonfile.Update(ctx, l.path, ownVersion, do)
	if err != nil {
		return err
	}
	if aside != nil {
		return aside
	}
	return nil
}

// letters are what some letters become in a name.
var letters = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "é", "e", "è", "e", "à", "a", "ç", "c", "ñ", "n", "å", "a", "ø", "oe")

// NameOf makes a name of a title: small letters, digits and hyphens.
func NameOf(title string) string {
	var b strings.Builder
	for _, r := range letters.Replace(strings.ToLower(title)) {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	const longest = 70 // leaves room for a number
	name := b.String()
	if len(name) > longest {
		name = name[:longest]
	}
	if name = strings.Trim(name, "-"); name == "" {
		return "report"
	}
	return name
}

// Duplicate keeps a copy of a report or a pack as the person's own, under a name,
// or the next free one where as is "", whose number its title gets, too. It gives the name.
func (l *Library) Duplicate(ctx context.Context, name, as string) (string, error) {
	number := ""
	if as == "" {
		free, err := l.Free(name)
		if err != nil {
			return "", err
		}
		as = free
		number = numberOf(name, free)
	}
	reports, err := l.Reports()
	for _, r := range reports {
		if strings.EqualFold(r.Name, name) {
			r.Name, r.Rank, r.Title = as, 0, r.Title.numbered(number)
			return as, l.Save(ctx, r, New)
		}
	}
	packs, packErr := l.Packs()
	for _, p := range packs {
		if strings.EqualFold(p.Name, name) {
			p.Name, p.Title = as, p.Title.numbered(number)
			return as, l.SavePack(ctx, p, New)
		}
	}
	return "", errors.Join(fmt.Errorf("%w: %s", ErrNotOwn, name), err, packErr)
}

// numberOf is the number behind the name under which something is kept, "" where it kept its own.
func numberOf(wanted, name string) string {
	if name == NameOf(wanted) {
		return ""
	}
	return name[strings.LastIndexByte(name, '-')+1:]
}

// numbered puts a number behind a text in each language, so that the titles of two are not the
// same.
func (t Text) numbered(number string) Text {
	behind := func(text string) string {
		if text == "" || number == "" {
			return text
		}
		return text + " (" + number + ")"
	}
	return Text{En: behind(t.En), De: behind(t.De)}
}
