package history

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"postroom/session/result"
)

// Says tells whether the entry itself, without its rows, has each word of a text: in command,
// report, tenants, account or endpoint, letter case aside.
func (e Entry) Says(text string) bool {
	all := strings.ToLower(strings.Join([]string{e.Command, e.Report, e.Tenant(), e.Account, e.Endpoint}, "\n"))
	for word := range strings.FieldsSeq(strings.ToLower(text)) {
		if !strings.Contains(all, word) {
			return false
		}
	}
	return true
}

// errFound ends the reading of rows.
var errFound = errors.New("history: found")

// Search gives the runs that have a text, the newest first: in what Says looks at, or in a
// cell of the rows that were kept. Rows that cannot be read are an error beside the runs
// that were found. It ends with ctx.
func (b *Book) Search(ctx context.Context, text string) ([]Entry, error) {
	all, err := b.Entries()
	if text == "" {
		return all, err
	}
	var found []Entry
	for _, e := range all {
		has := e.Says(text)
		if !has && e.Kept {
			var readErr error
			has, readErr = b.rowsHave(ctx, e, strings.ToLower(text))
			if ctx.Err() != nil {
				return found, context.Cause(ctx)
			}
			err = errors.Join(err, readErr)
		}
		if has {
			found = append(found, e)
		}
	}
	return found, err
}

// rowsHave tells whether a cell of the kept rows has a text, which is in lower case.
func (b *Book) rowsHave(ctx context.Context, e Entry, text string) (bool, error) {
	f, err := b.openRows(e)
	if errors.Is(err, ErrNoRows) {
		return false, nil // forgotten meanwhile
	}
	if err != nil {
		return false, err
	}
	defer f.Close() //nolint:errcheck // it is read only
	err = eachRecord(ctx, f, func(row *record) error {
		for _, own := range row.Own {
			if strings.Contains(strings.ToLower(own.Text), text) {
				return errFound
			}
		}
		for i := range row.Cells {
			if cellHas(&row.Cells[i], text) {
				return errFound
			}
		}
		return nil
	})
	if errors.Is(err, errFound) {
		return true, nil
	}
	return false, err
}

func cellHas(v *result.Value, text string) bool {
	has := func(s string) bool { return strings.Contains(strings.ToLower(s), text) }
	switch v.Kind {
	case result.KindInt:
		return has(strconv.FormatInt(v.Int, 10))
	case result.KindUint:
		return has(strconv.FormatUint(v.Uint, 10))
	case result.KindFloat:
		return has(strconv.FormatFloat(v.Float, 'g', -1, 64))
	case result.KindTime:
		return has(v.Time.Time().Local().Format(time.DateTime))
	case result.KindList:
		for _, item := range v.Items {
			if has(item) {
				return true
			}
		}
		return false
	}
	return has(v.Text)
}
