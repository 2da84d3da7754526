package cli

import (
	"flag"
	"slices"
	"strings"
	"time"

	"postroom/session/report"
	"postroom/session/result"
)

// formatFlags say which files are written, and how values stand in them: what the window's
// sheet of an export asks.
type formatFlags struct {
	csv, tsv, json, ndjson, xlsx, markdown, html string

	delimiter, reader           string
	lists, sizes, dates, sheets string
	computed                    list
	extra                       []report.Column // the computed columns
}

// delimiters are the values of --delimiter; locale is one more.
var delimiters = map[string]rune{"comma": ',', "semicolon": ';', "tab": '\t'}

func (o *formatFlags) register(f *flag.FlagSet) {
	f.StringVar(&o.csv, "csv", "", "write rows as CSV to `FILE`, or to standard output with -")
	f.StringVar(&o.tsv, "tsv", "", "write rows as CSV with tabs to `FILE`, or to standard output with -")
	f.StringVar(&o.json, "json", "", "write rows as JSON to `FILE`, or to standard output with -")
	f.StringVar(&o.ndjson, "ndjson", "", "write rows as JSON, one object a line, to `FILE`, or to standard output with -")
	f.StringVar(&o.xlsx, "xlsx", "", "write rows as an Excel workbook to `FILE`, or to standard output with - unless it is a terminal")
	f.StringVar(&o.markdown, "markdown", "", "write rows as a table for tickets to `FILE`, or to standard output with -")
	f.StringVar(&o.html, "html", "", "write rows as a table for mails and browsers to `FILE`, or to standard output with -")
	f.StringVar(&o.delimiter, "delimiter", "", "separate the fields of a CSV by `NAME`: comma, semicolon, tab, or locale for what LANG's spreadsheets expect (default comma)")
	f.StringVar(&o.reader, "csv-for", "", "write CSV for `READER`: spreadsheets (byte order mark, CRLF, formulas made harmless) or programs (exact texts, LF, no mark) (default: a file for spreadsheets, standard output for programs)")
	f.StringVar(&o.lists, "lists", "", "write lists `HOW`: joined in one cell, or exploded, a line for each item (default joined)")
	f.StringVar(&o.sizes, "sizes", "", "write sizes as `HOW`: text, as they came, or bytes (default text)")
	f.StringVar(&o.dates, "dates", "", "write dates as `HOW`: iso, as they came, or local, on this computer's clock with its zone (default iso)")
	f.StringVar(&o.sheets, "sheets", "", "give a workbook `HOW` many sheets: one, or tenant for a sheet of each tenant (default one)")
	f.Var(&o.computed, "compute", "add a column that is computed of the others: `NAME=EXPRESSION`, such as Domain=domain(PrimarySmtpAddress); may be repeated")
}

// formatFile is a file to write.
type formatFile struct {
	format result.Format
	name   string
}

// wanted are the files to write.
func (o *formatFlags) wanted() []formatFile {
	all := []formatFile{
		{result.CSV, o.csv},
		{result.TSV, o.tsv},
		{result.JSON, o.json},
		{result.NDJSON, o.ndjson},
		{result.XLSX, o.xlsx},
		{result.Markdown, o.markdown},
		{result.HTML, o.html},
	}
	return slices.DeleteFunc(all, func(f formatFile) bool { return f.name == "" })
}

// checkFormats finds a word that is none of a flag's, and a column that cannot be computed.
func (o *formatFlags) checkFormats(wrong func(string, ...any) error) error {
	every := o.csv + o.tsv + o.json + o.ndjson + o.xlsx + o.markdown + o.html
	for _, f := range []struct {
		flag, value, words string
		file, of           string // what has to be written for it, and what that is called
	}{
		{"delimiter", o.delimiter, "comma, semicolon, tab, locale", o.csv, "--csv"},
		{"csv-for", o.reader, "spreadsheets, programs", o.csv + o.tsv, "--csv and --tsv"},
		{"lists", o.lists, "joined, exploded", every, "files"},
		{"sizes", o.sizes, "text, bytes", every, "files"},
		{"dates", o.dates, "iso, local", every, "files"},
		{"sheets", o.sheets, "one, tenant", o.xlsx, "--xlsx"},
	} {
		switch {
		case f.value == "":
		case !slices.Contains(strings.Split(f.words, ", "), f.value):
			return wrong("--%s %q is none of %s", f.flag, f.value, f.words)
		case f.file == "":
			return wrong("--%s is for %s", f.flag, f.of)
		}
	}
	o.extra = nil
	for _, c := range o.computed {
		name, value, ok := strings.Cut(c, "=")
		if !ok {
			return wrong("--compute %q is not NAME=EXPRESSION", c)
		}
		o.extra = append(o.extra, report.Column{Name: strings.TrimSpace(name), Value: strings.TrimSpace(value)})
	}
	if _, err := report.Compute(o.extra, time.Now()); err != nil {
		return wrong("--compute: %v", err)
	}
	return nil
}

// options are those of a file. Standard output is for the next program, which wants the
// exact data; a file is for a spreadsheet, unless it is said otherwise.
func (o *formatFlags) options(f formatFile) result.Options {
	out := result.Options{Format: f.format, Indent: true}
	if o.delimiter == "locale" {
		out.CSV = result.LocaleCSV(terminal())
	} else {
		out.CSV.Delimiter = delimiters[o.delimiter]
	}
	if o.reader == "programs" || o.reader == "" && f.name == stdoutName {
		out.CSV.NoBOM, out.CSV.LF, out.CSV.Machine, out.CSV.DecimalComma = true, true, true, false
	}
	if o.lists == "exploded" {
		out.Values.Lists = result.ExplodedLists
	}
	if o.sizes == "bytes" {
		out.Values.Sizes = result.SizeBytes
	}
	if o.dates == "local" {
		out.Values.Dates = result.LocalDates
	}
	out.XLSX.SheetPerTenant = o.sheets == "tenant"
	return out
}
