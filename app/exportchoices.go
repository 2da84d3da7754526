package app

import (
	"path/filepath"

	"fyne.io/fyne/v2/lang"

	"postroom/app/saving"
	"postroom/session/result"
)

// exportChoices are what a person has chosen about exported files, by the places of the
// options in the sheet.
type exportChoices struct {
	separator, lists, sizes, dates, sheets int
}

// questions are what the sheet asks. The separate sheets are asked about where rows of
// several tenants are together.
func (c *exportChoices) questions(v *result.View) []saving.Choice {
	choices := []saving.Choice{
		{
			Label: lang.L("CSV separator"), Chosen: c.separator, OnChosen: func(i int) { c.separator = i },
			Options: []string{lang.L("As this language's spreadsheets expect"), lang.L("Comma"), lang.L("Semicolon"), lang.L("Tab")},
		},
		{
			Label: lang.L("Lists"), Chosen: c.lists, OnChosen: func(i int) { c.lists = i },
			Options: []string{lang.L("In one cell"), lang.L("A line for each item")},
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
	if _, own := v.Column(result.TenantColumn.Name()); own {
		choices = append(choices, saving.Choice{
			Label: lang.L("Excel sheets"), Chosen: c.sheets, OnChosen: func(i int) { c.sheets = i },
			Options: []string{lang.L("All rows in one sheet"), lang.L("A sheet for each tenant")},
		})
	}
	return choices
}

// options are those for a file of this name, CSV where it says no format.
func (c *exportChoices) options(name string, v *result.View, whole bool) result.Options {
	format, _ := result.FormatOf(filepath.Ext(name))
	o := result.Options{Format: format, Indent: true, Cover: v.Cover(coverWords(), whole)}
	o.XLSX = result.XLSXOptions{SheetPerTenant: c.sheets == 1, CoverSheet: lang.L("About this file")}
	o.CSV = result.LocaleCSV(lang.SystemLocale().String())
	if c.separator > 0 {
		o.CSV = result.CSVOptions{Delimiter: []rune{',', ';', '\t'}[c.separator-1]}
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
	return o
}

// coverWords are those of the person's language.
func coverWords() result.CoverWords {
	return result.CoverWords{
		Command: lang.L("Command"), Tenant: lang.L("Tenant"), Endpoint: lang.L("Server"), Account: lang.L("Account"),
		Started: lang.L("Started"), Rows: lang.L("Rows"), Complete: lang.L("Complete"),
		Yes: lang.L("Yes"), No: lang.L("No: the run stopped before all rows arrived, or only some were exported"),
	}
}
