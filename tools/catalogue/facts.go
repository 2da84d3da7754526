package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// facts are the files of the facts folder that the catalogue is made from.
type facts struct {
	cmdlets    []fact
	enums      map[string][]string // "Cmdlet -Parameter" to the list that it may borrow
	filters    []row
	properties []row
	reports    []row
	words      []row
}

// fact is a line of cmdlets.jsonl.
type fact struct {
	Name       string      `json:"c"`
	Services   string      `json:"a"`
	Group      string      `json:"g"`
	Client     int         `json:"cl"`
	States     []string    `json:"st"`
	ReplacedBy string      `json:"by"`
	Internal   int         `json:"in"`
	Asks       string      `json:"w"`
	Idle       string      `json:"nc"`
	Sets       []string    `json:"s"`
	Default    *int        `json:"d"`
	Shown      []string    `json:"o"`
	Parameters []parameter `json:"p"`
}

// parameter is one of its parameters.
type parameter struct {
	Name       string   `json:"n"`
	Type       string   `json:"t"`
	Services   string   `json:"a"`
	Sets       []int    `json:"s"`
	Required   indices  `json:"r"`
	Position   *int     `json:"p"`
	PositionIn []int    `json:"ps"`
	Pipeline   marks    `json:"pi"`
	Aliases    []string `json:"al"`
	Values     []string `json:"v"`
	Quality    string   `json:"vq"`
	Several    int      `json:"m"`
	AddRemove  int      `json:"ar"`
	Default    string   `json:"df"`
	Unlimited  string   `json:"u"`
	Least      *number  `json:"mn"`
	Greatest   *number  `json:"mx"`
	Longest    *number  `json:"ml"`
	Identity   string   `json:"id"`
	UTC        int      `json:"utc"`
	Only       string   `json:"only"`
	Internal   int      `json:"in"`
	Deprecated marks    `json:"dep"`
	Doubt      string   `json:"dt"`
}

// number is a number as it is written in the facts.
type number = json.Number

// indices is 1 for all, or a list.
type indices struct {
	all  bool
	list []int
}

// UnmarshalJSON reads the number or the list.
func (x *indices) UnmarshalJSON(b []byte) error {
	if string(b) == "1" {
		x.all = true
		return nil
	}
	return json.Unmarshal(b, &x.list)
}

// marks is 1 or a word.
type marks string

// UnmarshalJSON reads either.
func (m *marks) UnmarshalJSON(b []byte) error {
	*m = marks(strings.Trim(string(b), `"`))
	return nil
}

// dropNamelessSets leaves out sets without a name, which are dirt of a page's markup, and
// counts the others anew.
func (c *fact) dropNamelessSets() {
	if !slices.Contains(c.Sets, "") {
		return
	}
	place := make([]int, len(c.Sets)) // of the old number
	var sets []string
	for i, name := range c.Sets {
		place[i] = -1
		if name != "" {
			place[i] = len(sets)
			sets = append(sets, name)
		}
	}
	anew := func(list []int) []int {
		var kept []int
		for _, i := range list {
			if place[i] >= 0 {
				kept = append(kept, place[i])
			}
		}
		return kept
	}
	c.Sets = sets
	c.Parameters = slices.DeleteFunc(c.Parameters, func(p parameter) bool { return p.Name == "" })
	for i := range c.Parameters {
		p := &c.Parameters[i]
		p.Sets, p.Required.list, p.PositionIn = anew(p.Sets), anew(p.Required.list), anew(p.PositionIn)
	}
	if c.Default != nil {
		d := place[*c.Default]
		c.Default = &d
	}
}

// row is a line of a table, by its headings.
type row map[string]string

func read(dir string) (facts, error) {
	var in facts
	var errs []error
	table := func(name string) []row {
		rows, err := readTable(filepath.Join(dir, name))
		errs = append(errs, err)
		return rows
	}
	cmdlets, err := readCmdlets(filepath.Join(dir, "cmdlets.jsonl"))
	errs = append(errs, err)
	in.cmdlets = cmdlets
	in.enums, err = readBorrowers(filepath.Join(dir, "enums.jsonl"))
	errs = append(errs, err)
	in.filters, in.properties = table("filterable.tsv"), table("properties.tsv")
	in.reports, in.words = table("reports.tsv"), table("words.tsv")
	return in, errors.Join(errs...)
}

// readCmdlets leaves out what runs in the client module alone: no server has it.
func readCmdlets(file string) ([]fact, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var all []fact
	for line := range bytes.Lines(b) {
		var c fact
		if err := json.Unmarshal(line, &c); err != nil {
			return nil, fmt.Errorf("%s: %.40s: %w", file, line, err)
		}
		c.dropNamelessSets()
		if c.Client == 0 {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b fact) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return all, nil
}

// readBorrowers gives the lists for parameters whose own page has none.
func readBorrowers(file string) (map[string][]string, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	lists := map[string][]string{}
	for line := range bytes.Lines(b) {
		var e struct {
			Values []string `json:"v"`
			Fill   []string `json:"fill"`
		}
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, fmt.Errorf("%s: %.40s: %w", file, line, err)
		}
		for _, name := range e.Fill {
			lists[name] = e.Values
		}
	}
	return lists, nil
}

func readTable(file string) ([]row, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var rows []row
	var headings []string
	lines := bufio.NewScanner(bytes.NewReader(b))
	lines.Buffer(nil, len(b)+1)
	for lines.Scan() {
		cells := strings.Split(lines.Text(), "\t")
		if headings == nil {
			headings = cells
			continue
		}
		if len(cells) != len(headings) {
			return nil, fmt.Errorf("%s: %d cells under %d headings: %.60s", file, len(cells), len(headings), lines.Text())
		}
		r := row{}
		for i, h := range headings {
			r[h] = cells[i]
		}
		rows = append(rows, r)
	}
	return rows, lines.Err()
}
