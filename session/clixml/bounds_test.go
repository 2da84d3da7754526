package clixml_test

import (
	"errors"
	"strings"
	"testing"

	"postroom/session/clixml"
)

// TestElementsAreBounded in a value and in each row, not in a document of many rows.
func TestElementsAreBounded(t *testing.T) {
	limits := clixml.Limits{Elements: 100}
	wide := []byte(`<Obj RefId="0"><LST>` + strings.Repeat("<Nil/>", 200) + `</LST></Obj>`)
	for name, err := range map[string]error{
		"value": func() error { _, err := clixml.Decoder{Limits: limits}.Decode(wide); return err }(),
		"row":   (&clixml.RowScanner{Limits: limits}).Scan(wide),
	} {
		var limit *clixml.LimitError
		if !errors.As(err, &limit) || limit.Limit != clixml.LimitElements || limit.Max != 100 {
			t.Errorf("%s: %v, want the limit of elements", name, err)
		}
	}
	s := clixml.RowScanner{Limits: limits}
	rows := 0
	err := s.ScanRows(wide, func(*clixml.RowScanner) error { rows++; return nil })
	if err != nil || rows != 200 {
		t.Errorf("%d rows, %v", rows, err)
	}
}
