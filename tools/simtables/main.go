// Command simtables makes the tables of cmdlets and properties that the
// simulator serves (session/simulator/exchange/data) from a folder of facts about
// Exchange. It is run again, by `make catalogue`, when the facts have changed:
//
//	simtables -facts FOLDER -reference assets/reference -out session/simulator/exchange/data
//
// What a filter takes it has from the catalogue, which knows of more than the facts do.
// The tables hold what the facts say and nothing else; what the rows are made
// of is written by hand, in the other files of that folder.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// The services of the facts that the simulator can stand for: Exchange Online,
// standalone EOP, Security & Compliance, and Exchange 2019.
const services = "XEC9"

func main() {
	facts := flag.String("facts", "", "the `FOLDER` of the facts")
	reference := flag.String("reference", "assets/reference", "the `FOLDER` of the catalogue that is made of them")
	out := flag.String("out", "session/simulator/exchange/data", "the `FOLDER` to write to")
	flag.Parse()
	if err := run(*facts, *reference, *out); err != nil {
		fmt.Fprintln(os.Stderr, "simtables:", err)
		os.Exit(1)
	}
}

func run(facts, reference, out string) error {
	properties, nouns, err := readProperties(filepath.Join(facts, "properties.tsv"))
	if err != nil {
		return err
	}
	cmdlets, err := readCmdlets(filepath.Join(facts, "cmdlets.jsonl"), nouns)
	if err != nil {
		return err
	}
	filterable, err := readFilterable(filepath.Join(reference, "filters.txt"))
	if err != nil {
		return err
	}
	for name, lines := range map[string][]string{"cmdlets.tsv": cmdlets, "properties.tsv": properties, "filterable.tsv": filterable} {
		if err := os.WriteFile(filepath.Join(out, name), []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// fact is a line of cmdlets.jsonl; its README says what the keys mean.
type fact struct {
	Name       string      `json:"c"`
	Services   string      `json:"a"`
	Client     int         `json:"cl"`
	Internal   int         `json:"in"`
	Retired    []string    `json:"st"`
	Process    string      `json:"w"`
	Sets       []string    `json:"s"`
	Default    *int        `json:"d"`
	Parameters []parameter `json:"p"`
}

type parameter struct {
	Name     string          `json:"n"`
	Type     string          `json:"t"`
	Services *string         `json:"a"`
	Sets     []int           `json:"s"`
	Required json.RawMessage `json:"r"`
	Position *int            `json:"p"`
	Pipeline json.RawMessage `json:"pi"`
	Alias    []string        `json:"al"`
	Values   []string        `json:"v"`
	Quality  string          `json:"vq"`
	Unit     string          `json:"u"`
	Least    *float64        `json:"mn"`
	Greatest *float64        `json:"mx"`
	Longest  int             `json:"ml"`
	Doubtful string          `json:"dt"`
	Default  string          `json:"df"`
	// everywhere says that it is required in every set.
	everywhere bool
}

// readCmdlets gives a line for each cmdlet of a server: name, services,
// WhatIf and Confirm, parameter sets (the default one starred), parameters.
func readCmdlets(path string, nouns map[string]bool) ([]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var lines []string
	scan := bufio.NewScanner(file)
	scan.Buffer(nil, 1<<20)
	for scan.Scan() {
		var f fact
		if err := json.Unmarshal(scan.Bytes(), &f); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		_, noun, _ := strings.Cut(f.Name, "-")
		kept := keep(f.Services)
		if f.Client == 1 || f.Internal == 1 || kept == "" || kept == "9" && !nouns[noun] {
			continue
		}
		if slices.Contains(f.Retired, "cloud-retired") {
			if kept = strings.Trim(kept, "XEC"); kept == "" {
				continue
			}
		}
		lines = append(lines, f.line(kept))
	}
	return lines, scan.Err()
}

// readFilterable gives a line for each cmdlet whose -Filter takes some properties
// alone: its name and theirs, with the services where not all know one.
func readFilterable(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	lists := map[string]string{}
	for line := range strings.Lines(string(text)) {
		fields := strings.Split(line, "\t") // property, F for -Filter, services, cmdlets, value
		if len(fields) < 5 || fields[1] != "F" {
			continue
		}
		property := fields[0]
		switch services := strings.Trim(fields[2], "C"); services { // C has the cmdlets of X
		case "P":
			property += ":9"
		case "X":
			property += ":XEC"
		}
		for cmdlet := range strings.FieldsSeq(fields[3]) {
			lists[cmdlet] += " " + property
		}
	}
	var lines []string
	for _, cmdlet := range slices.Sorted(maps.Keys(lists)) {
		lines = append(lines, cmdlet+"\t"+strings.TrimSpace(lists[cmdlet]))
	}
	return lines, nil
}

// keep leaves of a list of services those that the simulator stands for; SE
// counts as 2019.
func keep(list string) string {
	var b strings.Builder
	for _, s := range services {
		if strings.ContainsRune(list, s) || s == '9' && strings.Contains(list, "s") {
			b.WriteRune(s)
		}
	}
	return b.String()
}

func (f fact) line(kept string) string {
	sets := slices.Clone(f.Sets)
	if f.Default != nil {
		sets[*f.Default] = "*" + sets[*f.Default]
	}
	fields := []string{f.Name, kept, f.Process, strings.Join(sets, "|")}
	verb, _, _ := strings.Cut(f.Name, "-")
	for _, p := range f.Parameters {
		if p.Name == "Identity" && len(p.Required) > 0 && slices.Contains([]string{"Set", "Remove", "Enable", "Disable"}, verb) {
			p.Required, p.everywhere = json.RawMessage("1"), true // whatever a page says of one set
		}
		if text := p.field(kept); text != "" {
			fields = append(fields, text)
		}
	}
	return strings.Join(fields, "\t")
}

// field writes a parameter: name, type, and what else is known of it, each
// introduced by a letter and a colon.
func (p parameter) field(kept string) string {
	words := []string{p.Name, p.Type}
	add := func(key, text string) {
		if text != "" {
			words = append(words, key+":"+text)
		}
	}
	if p.Services != nil {
		own := keep(*p.Services)
		if own == "" {
			return ""
		}
		if own != kept {
			add("a", own)
		}
	}
	if !strings.Contains(p.Doubtful, "m") {
		add("s", numbers(p.Sets))
	}
	if !strings.Contains(p.Doubtful, "r") && len(p.Required) > 0 {
		var in []int
		if json.Unmarshal(p.Required, &in) != nil {
			in = p.Sets // a number: in all of its sets
		}
		if in == nil || p.everywhere {
			add("r", "*")
		} else {
			add("r", numbers(in))
		}
	}
	if p.Position != nil {
		add("p", strconv.Itoa(*p.Position))
	}
	add("i", strings.Trim(string(p.Pipeline), `"`))
	add("l", strings.Join(p.Alias, "|"))
	if p.Quality == "l" || p.Quality == "y" {
		add("v", strings.Join(p.Values, "|"))
	}
	add("u", p.Unit)
	add("min", number(p.Least))
	add("max", number(p.Greatest))
	if p.Longest > 0 {
		add("len", strconv.Itoa(p.Longest))
	}
	if p.Name == "PageSize" || p.Name == "ResultSize" {
		if _, err := strconv.Atoi(p.Default); err == nil {
			add("d", p.Default)
		}
	}
	return strings.Join(words, " ")
}

func numbers(list []int) string {
	texts := make([]string, len(list))
	for i, n := range list {
		texts[i] = strconv.Itoa(n)
	}
	return strings.Join(texts, ",")
}

func number(f *float64) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'f', -1, 64)
}

// typeLetters are the types of properties.tsv.
var typeLetters = map[string]string{
	"string": "s", "bool": "b", "int": "i", "double": "d", "datetime": "t", "timespan": "p", "bytesize": "z", "unlimited": "u",
	"enum": "e", "list": "l", "guid": "g", "hashtable": "o", "object": "o", "version": "v", "bytes": "o",
}

// origin are the properties that remoting adds to every object.
var origin = []string{"PSComputerName", "RunspaceId", "PSShowComputerName", "SerializationData"}

// readProperties gives a line for each cmdlet whose output is known, name and
// properties with their types, and the nouns of these cmdlets. What only one
// public script claims is left out, and of cmdlets of the cloud what only
// servers on the premises have.
func readProperties(path string) ([]string, map[string]bool, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	byCmdlet, nouns := map[string][]string{}, map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n")[1:] {
		c := strings.Split(line, "\t")
		if len(c) < 5 || strings.HasPrefix(c[0], "Get-EXO") || slices.Contains(origin, c[1]) {
			continue
		}
		letter, known := typeLetters[strings.TrimSuffix(c[2], "?")]
		if !known {
			return nil, nil, fmt.Errorf("%s: %s: type %q is not known", path, c[0], c[2])
		}
		reported := len(c) > 5 && strings.Contains(c[5], "report") // a column of a report, whoever else has it
		if (c[4] == "low" || c[3] == "onprem*") && !reported {
			continue
		}
		byCmdlet[c[0]] = append(byCmdlet[c[0]], c[1]+":"+letter)
		_, noun, _ := strings.Cut(c[0], "-")
		nouns[noun] = true
	}
	var lines []string
	for name, list := range byCmdlet {
		lines = append(lines, name+"\t"+strings.Join(list, " "))
	}
	slices.Sort(lines)
	return lines, nouns, nil
}
