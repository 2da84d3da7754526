package result

import (
	"archive/zip"
	"compress/flate"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// registerFastDeflate lets an archive be packed in a fraction of the time, a little
// larger.
func registerFastDeflate(z *zip.Writer) {
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestSpeed)
	})
}

// page is a sheet that is being written. It is packed on another processor meanwhile.
type page struct {
	rows   int
	number []byte // of the row
	buffer []byte

	full   chan []byte // to be packed
	free   chan []byte // to be filled
	done   chan struct{}
	failed chan error // holds what went wrong, if anything did
}

// pageBuffer is how much is packed at once, in bytes; pageBuffers how many there are.
const (
	pageBuffer  = 256 << 10
	pageBuffers = 3
)

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

func newPage(z *zip.Writer, number int) (*page, error) {
	w, err := z.Create("xl/worksheets/sheet" + strconv.Itoa(number) + ".xml")
	if err != nil {
		return nil, err
	}
	p := &page{full: make(chan []byte), free: make(chan []byte, pageBuffers), done: make(chan struct{}), failed: make(chan error, 1)}
	for range pageBuffers - 1 {
		p.free <- make([]byte, 0, pageBuffer+pageBuffer/4)
	}
	p.buffer = make([]byte, 0, pageBuffer+pageBuffer/4)
	go func() { // ends when full is closed
		defer close(p.done)
		for b := range p.full {
			if len(p.failed) == 0 {
				if _, err := w.Write(b); err != nil {
					p.failed <- err
				}
			}
			p.free <- b[:0]
		}
	}()
	p.add(xmlHead + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`)
	return p, nil
}

func (p *page) add(text string) { p.buffer = append(p.buffer, text...) }

// columns writes the columns' widths.
func (p *page) columns(widths []int) {
	if len(widths) == 0 {
		return
	}
	p.add(`<cols>`)
	for i, width := range widths {
		n := strconv.Itoa(i + 1)
		p.add(`<col min="` + n + `" max="` + n + `" width="` + strconv.Itoa(width) + `" customWidth="1"/>`)
	}
	p.add(`</cols>`)
}

// flushFull lets the buffer be packed when it is large enough.
func (p *page) flushFull() error {
	if len(p.buffer) < pageBuffer {
		return nil
	}
	p.full <- p.buffer
	p.buffer = <-p.free
	return p.error()
}

// error gives what went wrong so far.
func (p *page) error() error {
	select {
	case err := <-p.failed:
		p.failed <- err
		return err
	default:
		return nil
	}
}

// close ends the sheet and waits until it is packed.
func (p *page) close() error {
	p.add(`</worksheet>`)
	p.full <- p.buffer
	return p.abandon()
}

// abandon ends the packing.
func (p *page) abandon() error {
	close(p.full)
	<-p.done
	return p.error()
}

// parts writes what a workbook has beside its sheets.
func (b *workbook) parts() error {
	var types, sheets, names, links strings.Builder
	for i, s := range b.sheets {
		n := strconv.Itoa(i + 1)
		types.WriteString(`<Override PartName="/xl/worksheets/sheet` + n + `.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`)
		sheets.WriteString(`<sheet name="` + escaped(s.name) + `" sheetId="` + n + `" r:id="rId` + n + `"/>`)
		links.WriteString(`<Relationship Id="rId` + n + `" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet` + n + `.xml"/>`)
		if s.filter != "" {
			quoted := "'" + strings.ReplaceAll(s.name, "'", "''") + "'!" + s.filter
			names.WriteString(`<definedName name="_xlnm._FilterDatabase" localSheetId="` + strconv.Itoa(i) + `" hidden="1">` + escaped(quoted) + `</definedName>`)
		}
	}
	definedNames := ""
	if names.Len() > 0 {
		definedNames = `<definedNames>` + names.String() + `</definedNames>`
	}
	const office = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	const packages = `http://schemas.openxmlformats.org/package/2006`
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", `<Types xmlns="` + packages + `/content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
			`<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>` +
			`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>` +
			types.String() + `</Types>`},
		{"_rels/.rels", `<Relationships xmlns="` + packages + `/relationships">` +
			`<Relationship Id="rId1" Type="` + office + `/officeDocument" Target="xl/workbook.xml"/>` +
			`<Relationship Id="rId2" Type="` + packages + `/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`},
		{"docProps/core.xml", b.properties()},
		{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="` + office + `">` +
			b.firstShown() + `<sheets>` + sheets.String() + `</sheets>` + definedNames + `</workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + packages + `/relationships">` + links.String() +
			`<Relationship Id="rId` + strconv.Itoa(len(b.sheets)+1) + `" Type="` + office + `/styles" Target="styles.xml"/></Relationships>`},
		{"xl/styles.xml", workbookStyles},
	} {
		w, err := b.archive.Create(part.name)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, xmlHead+part.text); err != nil {
			return err
		}
	}
	return nil
}

// firstShown lets a workbook open with its first rows, behind the cover.
func (b *workbook) firstShown() string {
	if len(b.options.Cover) == 0 {
		return ""
	}
	return `<bookViews><workbookView activeTab="1"/></bookViews>`
}

// properties say where the rows came from.
func (b *workbook) properties() string {
	p := b.view.Provenance()
	creator := p.Account
	if creator == "" {
		creator = "Postroom"
	}
	created := ""
	if !p.Started.IsZero() {
		created = `<dcterms:created xsi:type="dcterms:W3CDTF">` + p.Started.UTC().Format(time.RFC3339) + `</dcterms:created>`
	}
	return fmt.Sprintf(`<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"`+
		` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`+
		`<dc:title>%s</dc:title><dc:subject>%s</dc:subject><dc:creator>%s</dc:creator><dc:description>%s</dc:description>%s</cp:coreProperties>`,
		escaped(p.cmdlet()), escaped(p.Tenant), escaped(creator), escaped(p.Command), created)
}

// escaped is a text as XML has it.
func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder's Write does not fail
	return b.String()
}

// workbookStyles are the styles of styleHeading and those after it.
const workbookStyles = `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
	`<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd hh:mm:ss"/><numFmt numFmtId="165" formatCode="[h]:mm:ss"/></numFmts>` +
	`<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
	`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
	`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
	`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
	`<cellXfs count="7">` +
	`<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
	`<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>` +
	`<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
	`<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
	`<xf numFmtId="1" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
	`<xf numFmtId="3" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
	`<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>` +
	`</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
