// Command catalogue makes what assets/reference holds about cmdlets from the facts
// folder (its README says where each fact comes from):
//
//	catalogue -facts FOLDER -out assets/reference
//
// It writes facts only, as lines of text that session/reference reads where they lie and
// that a diff can show. The sentences beside them (synopses.tsv, parameters.tsv) are
// written by people and are not touched. The same facts give the same bytes.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	facts := flag.String("facts", "", "read the facts from `DIR`")
	out := flag.String("out", "assets/reference", "write the catalogue to `DIR`")
	flag.Parse()
	if err := run(*facts, *out); err != nil {
		fmt.Fprintln(os.Stderr, "catalogue:", err)
		os.Exit(1)
	}
}

// run makes all files; none is written before all could be made.
func run(facts, out string) error {
	in, err := read(facts)
	if err != nil {
		return err
	}
	choices := newChoices(in)
	cmdlets, err := cmdletLines(in, choices, usageTable)
	if err != nil {
		return err
	}
	columns, err := columnLines(in, columnTable)
	if err != nil {
		return err
	}
	words, err := wordLines(in, ourWords)
	if err != nil {
		return err
	}
	filters, err := filterLines(in, filterRanges)
	if err != nil {
		return err
	}
	files := map[string]string{
		"cmdlets.txt":    cmdlets,
		"choices.txt":    choices.all(),
		"filters.txt":    filters,
		"properties.txt": propertyLines(in),
		"columns.txt":    columns,
		"words.txt":      words,
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(out, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
