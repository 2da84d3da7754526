package cli

import (
	"fmt"
	"slices"
	"sync"

	"postroom/assets"
	"postroom/session/endpoint"
	"postroom/session/report"
)

// What comes with the program is read and checked once in a process: each command asks for
// it, and each window.
var (
	cataloguedEndpoints = sync.OnceValues(func() ([]endpoint.Endpoint, error) { return endpoint.ParseCatalogue(assets.Endpoints()) })
	cataloguedReports   = sync.OnceValues(func() (report.Catalogue, error) { return report.ReadCatalogue(assets.Reports(), assets.Packs()) })
)

// Endpoints gives those that come with the program. The caller owns the list, and changes
// nothing within an endpoint. Errors are *endpoint.CatalogueError.
func Endpoints() ([]endpoint.Endpoint, error) {
	list, err := cataloguedEndpoints()
	if err != nil {
		return nil, fmt.Errorf("read the catalogue of endpoints: %w", err)
	}
	return slices.Clone(list), nil
}

// Reports gives the reports and packs that come with the program. Errors are
// *report.FormatError.
func Reports() (report.Catalogue, error) {
	c, err := cataloguedReports()
	if err != nil {
		return report.Catalogue{}, fmt.Errorf("read the catalogue of reports: %w", err)
	}
	return c, nil
}
