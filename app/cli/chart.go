package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"postroom/session/chart"
	"postroom/session/result"
)

// chartFlags say which picture is drawn of the rows.
type chartFlags struct {
	chart, chartOf string
	language       string // of what the picture says
	title          string // of the report; "" for a command
}

func (o *chartFlags) register(f *flag.FlagSet) {
	f.StringVar(&o.chart, "chart", "", "draw a picture of the rows to `FILE`, .svg or .png")
	f.StringVar(&o.chartOf, "chart-of", "", "with --chart: `KIND[:COLUMN[:LABEL]]`, where KIND is bars, histogram or line (default: what suits the rows)")
}

// check finds what cannot be drawn.
func (o *chartFlags) check() error {
	wrong := func(format string, args ...any) error {
		return &usageError{command: "run", what: fmt.Sprintf(format, args...)}
	}
	_, err := chart.Parse(o.chartOf)
	switch {
	case o.chartOf != "" && o.chart == "":
		return wrong("--chart-of is for --chart")
	case o.chart != "" && !slices.Contains([]string{".svg", ".png"}, strings.ToLower(filepath.Ext(o.chart))):
		return wrong("--chart %q is neither .svg nor .png", o.chart)
	case o.chartOf != "" && err != nil:
		return wrong("--chart-of %q is none of bars, histogram, line, with a column behind a colon", o.chartOf)
	}
	return nil
}

// writeChart draws the rows. Where there is nothing to draw the picture says so.
func (o *chartFlags) writeChart(ctx context.Context, w io.Writer, v *result.View, messages io.Writer) error {
	var wish chart.Spec
	if o.chartOf != "" {
		var err error
		if wish, err = chart.Parse(o.chartOf); err != nil {
			return err
		}
	}
	spec, err := chart.Suited(ctx, v, wish)
	c := &chart.Chart{}
	if err == nil {
		c, err = chart.Of(ctx, v, spec)
	}
	missing, isMissing := errors.AsType[*chart.ColumnError](err)
	switch {
	case isMissing:
		say(messages, "postroom: no row has the column %s, which the chart would show\n", missing.Column)
		c = &chart.Chart{}
	case errors.Is(err, chart.ErrNothing):
		say(messages, "postroom: no row has a value that the chart could show\n")
	case err != nil:
		return err
	}
	return c.Write(w, filepath.Ext(o.chart), chart.Style{Language: o.language, Title: chart.Title(v.Provenance())})
}
