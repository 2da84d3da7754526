package app

import (
	"fmt"
	"path/filepath"

	"fyne.io/fyne/v2/lang"

	"postroom/app/runs"
	"postroom/app/saving"
	"postroom/app/words"
	"postroom/session/result"
)

// exportChoices are what a person has chosen about exported files, by the places of the
// options in the sheet. It stays for the next export.
type exportChoices struct {
	columns, separator, readers, lists, sizes, dates, sheets int
}

// of asks about one export.
func (c *exportChoices) of(x runs.Extract) *exportChoice {
	e := &exportChoice{exportChoices: c, extract: x}
	e.views = []*result.View{x.Shown, x.All}
	e.titles = []string{countedRows(lang.L("Shown rows (%s)"), x.Shown), countedRows(lang.L("All rows (%s)"), x.All)}
	if x.Selected != nil {
		e.views = append(e.views, x.Selected)
		e.titles = append(e.titles, countedRows(lang.L("Selected rows (%s)"), x.Selected))
		if x.OfSelected {
			e.rows = len(e.views) - 1
		}
	}
	return e
}

// exportChoice is what is chosen about one export: which rows cannot stay, they are others
// the next time.
type exportChoice struct {
	*exportChoices
	extract runs.Extract
	views   []*result.View
	titles  []string
	rows    int
}

func countedRows(format string, v *result.View) string {
	rows, _ := v.Size()
	return fmt.Sprintf(format, words.Number(rows))
}

// questions are what the sheet asks. The separate sheets are asked about where rows of
// several tenants are together.
func (c *exportChoice) questions() []saving.Choice {
	_, all := c.extract.Shown.Size()
	choices := []saving.Choice{
		{Label: lang.L("Rows"), Chosen: c.rows, OnChosen: func(i int) { c.rows = i }, Options: c.titles},
		{
			Label: lang.L("Columns"), Chosen: c.columns, OnChosen: func(i int) { c.columns = i },
			Options: []string{
				fmt.Sprintf(lang.L("Visible columns (%s)"), words.Number(c.extract.Visible)),
				fmt.Sprintf(lang.L("All columns (%s)"), words.Number(all)),
			},
		},
		{
			Label: lang.L("CSV separator"), Chosen: c.separator, OnChosen: func(i int) { c.separator = i },
			Options: []string{lang.L("As this language's spreadsheets expect"), lang.L("Comma"), lang.L("Semicolon"), lang.L("Tab")},
		},
		{
			Label: lang.L("CSV is read by"), Chosen: c.readers, OnChosen: func(i int) { c.readers = i },
			Options: []string{
				lang.L("Spreadsheets: with byte order mark, formulas made harmless"),
				lang.L("Programs: exact texts, no byte order mark, lines end with LF"),
			},
		},
		{
			Label: lang.L("Lists"), Chosen: c.lists, OnChosen: func(i int) { c.lists = i },
			Options: []string{lang.L("In one cell"), lang.L("One line per item")},
		},
		{
			Label: lang.L("Sizes"), Chosen: c.sizes, OnChosen: func(i int) { c.sizes = i },
			Options: []string{lang.L("As text"), lang.L("In bytes")},
		},
		{
			Label: lang.L("Dates"), Chosen: c.dates, OnChosen: func(i int) { c.dates = i },
			Options: []string{lang.L("As received (ISO 8601)"), lang.L("This computer's time, with its zone")},
		},
	}
	if _, own := c.extract.Shown.Column(result.TenantColumn.Name()); own {
		choices = append(choices, saving.Choice{
			Label: lang.L("Excel sheets"), Chosen: c.sheets, OnChosen: func(i int) { c.sheets = i },
			Options: []string{lang.L("All rows in one sheet"), lang.L("A sheet for each tenant")},
		})
	}
	return choices
}

// take gives the rows that were chosen, and the options for a file of this name: CSV where
// it says no format.
func (c *exportChoice) take(name string) (*result.View, result.Options) {
	view := c.views[c.rows]
	if c.columns == 0 {
		visible := make([]int, c.extract.Visible)
		for i := range visible {
			visible[i] = i
		}
		view = view.WithColumns(visible...)
	}
	format, _ := result.FormatOf(filepath.Ext(name))
	of, _ := c.extract.All.Size()
	cover := result.Coverage{Whole: c.extract.Whole, Of: of}
	if c.rows != 1 { // all rows are not filtered
		cover.Filter = c.extract.Filtered
	}
	o := result.Options{Format: format, Indent: true, Cover: view.Cover(runs.CoverWords(), cover)}
	o.XLSX = result.XLSXOptions{SheetPerTenant: c.sheets == 1, CoverSheet: runs.CoverWords().Sheet}
	o.CSV = result.LocaleCSV(lang.SystemLocale().String())
	if c.separator > 0 {
		o.CSV = result.CSVOptions{Delimiter: []rune{',', ';', '\t'}[c.separator-1]}
	}
	if c.readers == 1 {
		o.CSV.NoBOM, o.CSV.LF, o.CSV.Machine, o.CSV.DecimalComma = true, true, true, false
	}
	if c.lists == 1 {
		o.Values.Lists = result.ExplodedLists
	}
	if c.sizes == 1 {
		o.Values.Sizes = result.SizeBytes
	}
	if c.dates == 1 {
		o.Values.Dates = result.LocalDates
	}
	return view, o
}
