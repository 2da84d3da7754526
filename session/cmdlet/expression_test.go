package cmdlet_test

import (
	"errors"
	"testing"
	"time"

	"postroom/session/cmdlet"
)

// What every published example has instead of a date, in a line, as an argument and in a
// field.
func TestDatesRelativeToNow(t *testing.T) {
	day := func(y int, m time.Month, d, h, min int) time.Time { return time.Date(y, m, d, h, min, 0, 0, berlin) }
	for text, want := range map[string]time.Time{
		"(Get-Date)":                                noon,
		"(get-date).AddDays(-2)":                    day(2026, 11, 25, 12, 0),
		"(Get-Date).AddDays( - 2)":                  {},
		"(Get-Date).AddDays(1.5)":                   day(2026, 11, 29, 0, 0),
		"(Get-Date).AddDays(-2).Date":               day(2026, 11, 25, 0, 0),
		"((Get-Date).AddDays(-2)).Date.AddHours(6)": day(2026, 11, 25, 6, 0),
		"(Get-Date).AddHours(-36)":                  day(2026, 11, 26, 0, 0),
		"(Get-Date).AddMinutes(-90)":                day(2026, 11, 27, 10, 30),
		"(Get-Date).AddMonths(-9)":                  day(2026, 2, 27, 12, 0),
		"(Get-Date '2026-03-31').AddMonths(-1)":     day(2026, 2, 28, 0, 0),
		"(Get-Date -Date '31.3.2026').AddYears(1)":  day(2027, 3, 31, 0, 0),
		"(Get-Date).ToUniversalTime()":              noon,
		"[datetime]'2024-01-02'":                    day(2024, 1, 2, 0, 0),
		"[System.DateTime]\"1/2/2024 5:06 PM\"":     day(2024, 1, 2, 17, 6),
		"([datetime]'2024-01-02').AddDays(1)":       day(2024, 1, 3, 0, 0),
		"[datetime]::Now":                           noon,
		"[DateTime]::UtcNow.AddHours(1)":            day(2026, 11, 27, 13, 0),
		"[datetime]::Today.AddDays(-7)":             day(2026, 11, 20, 0, 0),
		"(Get-Date).AddDays(-2).DayOfWeek":          {},
		"(Get-Date) - (New-TimeSpan -Days 2)":       {},
		"(Get-Date -Format d)":                      {},
		"(Get-Date).ToString('d')":                  {},
		"(Get-Date).AddDays($n)":                    {},
		"(Get-Date).AddDays(1e99)":                  {},
		"(Get-Date).AddMonths(1.5)":                 {},
		"[datetime]::Parse('2024-01-02')":           {},
		"[datetime]'yesterday'":                     {},
		"[math]::Round(1)":                          {},
	} {
		for name, reader := range map[string]cmdlet.Reader{"unknown": {Now: described.Now}, "described": described} {
			line, err := oneCommand(reader, "Set-Sample -StartDate "+text)
			if want.IsZero() && text == "[math]::Round(1)" && name == "unknown" {
				continue // a text to PowerShell, too
			}
			check(t, name+" line "+text, line, err, want)
			if text == "(Get-Date) - (New-TimeSpan -Days 2)" && name == "unknown" {
				continue // a text that begins with a remark
			}
			argument, err := reader.Arguments([]string{"Set-Sample", "-StartDate", text})
			if text == "[math]::Round(1)" && name == "unknown" {
				continue
			}
			check(t, name+" argument "+text, argument, err, want)
		}
		field, err := sample.Bind(map[string]string{"Identity": "x", "StartDate": text}, noon)
		check(t, "field "+text, field, err, want)
	}
}

// check compares the StartDate of a call; no date means that it is refused.
func check(t *testing.T, what string, inv cmdlet.Invocation, err error, want time.Time) {
	t.Helper()
	if want.IsZero() {
		var refused *cmdlet.BindError
		if !errors.As(err, &refused) || refused.Parameter != "" && refused.Parameter != "StartDate" {
			t.Errorf("%s: %+v, %v; want it refused", what, inv.Args, err)
		}
		return
	}
	arg, _ := inv.Arg("StartDate")
	if got, ok := arg.Value.(time.Time); err != nil || !ok || !got.Equal(want) {
		t.Errorf("%s: %v, %v; want %v", what, arg.Value, err, want)
	}
}

// A date alone means the same wherever it is typed: midnight in the zone of the clock.
func TestOneRuleForDates(t *testing.T) {
	want := time.Date(2024, 1, 2, 0, 0, 0, 0, berlin)
	line, err := oneCommand(described, "Set-Sample x -StartDate 2024-01-02")
	check(t, "line", line, err, want)
	argument, err := described.Arguments([]string{"Set-Sample", "x", "-StartDate", "2024-01-02"})
	check(t, "argument", argument, err, want)
	field, err := sample.Bind(map[string]string{"Identity": "x", "StartDate": "2024-01-02"}, noon)
	check(t, "field", field, err, want)
	if a, _ := argument.Arg("StartDate"); a.Value.(time.Time).Format(time.RFC3339) != "2024-01-02T00:00:00+01:00" {
		t.Errorf("sent as %v", a.Value)
	}
	unknown, err := cmdlet.Reader{}.Arguments([]string{"Get-X", "-StartDate", "2024-01-02"})
	if a, _ := unknown.Arg("StartDate"); err != nil || a.Value != "2024-01-02" {
		t.Errorf("where nothing is known: %v, %v", a.Value, err)
	}
}
