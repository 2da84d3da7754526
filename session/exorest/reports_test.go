package exorest_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"postroom/assets"
	"postroom/session"
	"postroom/session/endpoint"
	"postroom/session/ledger"
	"postroom/session/reference"
	"postroom/session/remoting"
	"postroom/session/report"
	"postroom/session/result"
	"postroom/session/simulator"
	"postroom/test/given"
)

// inSession runs commands in one session of a manager.
type inSession struct {
	m  *session.Manager
	id session.ID
}

func (s inSession) Run(ctx context.Context, c session.Command, to session.Sink) error {
	return s.m.Run(ctx, s.id, c, to)
}

func (s inSession) RunEach(ctx context.Context, calls []session.Call) ([]error, bool) {
	return s.m.RunEach(ctx, s.id, calls)
}

func (s inSession) Pipes() bool { return s.m.Pipes(s.id) }

// lines are a table as sorted texts, a line a row: what a person would compare.
func lines(t *testing.T, v *result.View) []string {
	t.Helper()
	var b strings.Builder
	if _, err := result.Write(t.Context(), &b, v, result.Options{}); err != nil {
		t.Fatal(err)
	}
	all := strings.Split(strings.TrimSpace(b.String()), "\n")
	slices.Sort(all[1:])
	return all
}

// The ranked reports give the same tables through both doors.
func TestReportsAreTheSameThroughBothDoors(t *testing.T) {
	s := startSimulator(t, simulator.Options{Rows: 40, SessionLimit: 3})
	book, err := ledger.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	m := session.NewManager(session.Options{Ledger: book, Doors: session.Doors{
		endpoint.REST: doorTo(s), endpoint.Remoting: remoting.NewDoor(given.Password(s.Password())),
	}})
	defer func() {
		if err := m.CloseAll(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	const domain = "soleil.example"
	modern := restTarget(s, domain)
	classic := modern
	classic.Endpoint.URL, classic.Endpoint.Door, classic.Endpoint.Auth = s.URL(), endpoint.Remoting, []string{endpoint.AuthBasic}
	classic.Endpoint.SessionLimit, classic.Endpoint.Delegation = 3, true
	var runners [2]inSession
	for i, target := range []session.Target{classic, modern} {
		id, openErr := m.Open(t.Context(), target)
		if openErr != nil {
			t.Fatal(openErr)
		}
		runners[i] = inSession{m, id}
	}
	list, err := report.Load(assets.Reports())
	if err != nil {
		t.Fatal(err)
	}
	ranked, withRows := 0, 0
	for _, r := range list {
		if r.Rank == 0 || r.Rank > 40 || !r.Has("EXO") {
			continue
		}
		ranked++
		t.Run(fmt.Sprintf("%02d-%s", r.Rank, r.Name), func(t *testing.T) {
			answers := map[string]string{}
			for _, q := range r.Questions {
				if q.Needed && q.Default == "" {
					answers[q.Name] = "x"
				}
			}
			var tables [2][]string
			var failed [2]error
			for i, by := range runners {
				plan, err := r.Plan(report.Options{Service: "EXO", Answers: answers, Now: epoch, Kinds: reference.New()})
				if err != nil {
					t.Fatal(err)
				}
				h := newHeard()
				failed[i] = plan.Run(t.Context(), by, h)
				tables[i] = lines(t, h.table.Snapshot())
			}
			if (failed[0] == nil) != (failed[1] == nil) {
				t.Errorf("classic: %v\nREST:    %v", failed[0], failed[1])
			}
			if len(tables[1]) > 1 {
				withRows++
			}
			if !slices.Equal(tables[0], tables[1]) {
				n := 0
				for i := range max(len(tables[0]), len(tables[1])) {
					var a, b string
					if i < len(tables[0]) {
						a = tables[0][i]
					}
					if i < len(tables[1]) {
						b = tables[1][i]
					}
					if a != b && n < 4 {
						n++
						t.Errorf("classic: %s\nREST:    %s", a, b)
					}
				}
				t.Errorf("%d and %d rows", len(tables[0])-1, len(tables[1])-1)
			}
		})
	}
	t.Logf("%d ranked reports, %d of them with rows", ranked, withRows)
	if ranked < 30 || withRows < 25 {
		t.Errorf("%d ranked reports, %d of them with rows", ranked, withRows)
	}
}
