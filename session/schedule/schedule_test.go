package schedule_test

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"postroom/session/schedule"
)

func TestWhen(t *testing.T) {
	for text, want := range map[string]string{
		"monday 07:00": "Monday 07:00", "mon,thu 7:30": "Monday,Thursday 07:30", "Montag 07:00": "Monday 07:00", "mo,do,mo 7:05": "Monday,Thursday 07:05",
		"daily 06:00": "daily 06:00", "täglich 23:59": "daily 23:59", "monthly 1 07:00": "monthly 1 07:00", "monatlich 28. 00:00": "monthly 28 00:00",
		"sa, so 08:00": "Sunday,Saturday 08:00", "Dienstag 09:00": "Tuesday 09:00", "wed 09:00": "Wednesday 09:00",
	} {
		w, err := schedule.ParseWhen(text)
		if err != nil || w.String() != want {
			t.Errorf("%q is %q, %v; want %q", text, w.String(), err, want)
		}
		if german, err := schedule.ParseWhen(w.In("de-AT")); err != nil || german.String() != want {
			t.Errorf("%q is not read back: %v", w.In("de-AT"), err)
		}
		if again, err := schedule.ParseWhen(w.String()); err != nil || again.String() != want {
			t.Errorf("%q is not read back: %v", w.String(), err)
		}
	}
	for _, text := range []string{"", "monday", "07:00", "m 07:00", "monday 25:00", "monday 07", "monthly 29 07:00", "monthly 0 07:00", "someday 07:00", "monday friday 07:00", "monthly x 07:00"} {
		var wrong *schedule.WhenError
		if _, err := schedule.ParseWhen(text); !errors.As(err, &wrong) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// odd has in its words what schedulers read as something else.
var odd = schedule.Job{
	ID: "postroom-abc", Title: "50 % of \"all\"\nExecStart=/bin/false <&>", Command: "/opt/post room/postroom",
	Args: []string{"schedule", "--run", "postroom-abc", `a "b" c\`, "%h $HOME 50%", "x=y;z", "ü <&>", ""},
	Env:  []string{"XDG_CONFIG_HOME=/home/a b/100%$x"},
}

func days(t *testing.T, text string) schedule.When {
	t.Helper()
	w, err := schedule.ParseWhen(text)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// What systemd is to read is what systemd takes.
func TestUnitsAreVerifiedBySystemd(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not here")
	}
	for _, when := range []string{"monday 07:00", "mon,thu 7:30", "daily 06:00", "monthly 1 07:00"} {
		j := odd
		j.When, j.Command = days(t, when), "/bin/true" // it must be there
		dir := t.TempDir()
		service, timer := filepath.Join(dir, j.ID+".service"), filepath.Join(dir, j.ID+".timer")
		if err := errors.Join(os.WriteFile(service, j.Service(), 0o600), os.WriteFile(timer, j.Timer(), 0o600)); err != nil {
			t.Fatal(err)
		}
		verify := exec.CommandContext(t.Context(), analyze, "--user", "--man=no", "verify", service, timer)
		verify.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+dir)
		out, err := verify.CombinedOutput()
		if err != nil || strings.Contains(string(out), j.ID) {
			t.Errorf("%s: %v\n%s\n%s\n%s", when, err, out, j.Service(), j.Timer())
		}
		calendar := strings.TrimPrefix(lineOf(j.Timer(), "OnCalendar="), "OnCalendar=")
		if out, err := exec.CommandContext(t.Context(), analyze, "calendar", calendar).CombinedOutput(); err != nil {
			t.Errorf("%s: %v %s", calendar, err, out)
		}
	}
	if text := string(odd.Service()); strings.Count(text, "\nExecStart=") != 1 {
		t.Errorf("a title became a line of its own:\n%s", text)
	}
}

func lineOf(text []byte, begin string) string {
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, begin) {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

// python runs a line of Python's own library over a file.
func python(t *testing.T, program string, file []byte) []byte {
	t.Helper()
	interpreter, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not here")
	}
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), interpreter, "-c", program, path)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The words of ExecStart are the job's: Python's shlex reads the same quotes, after
// what is systemd's alone.
func TestUnitWords(t *testing.T) {
	line := strings.NewReplacer("%%", "%", "$$", "$").Replace(strings.TrimPrefix(lineOf(odd.Service(), "ExecStart="), "ExecStart="))
	var words []string
	out := python(t, "import shlex,json,sys; print(json.dumps(shlex.split(open(sys.argv[1], encoding='utf-8').read())))", []byte(line))
	if err := json.Unmarshal(out, &words); err != nil || !slices.Equal(words, append([]string{odd.Command}, odd.Args...)) {
		t.Errorf("%q, %v", words, err)
	}
}

// What launchd is to read is what Python's plistlib makes of it.
func TestPlistIsReadByPython(t *testing.T) {
	j := odd
	j.When = days(t, "mon,sun 7:30")
	var got struct {
		Label                 string
		ProgramArguments      []string
		EnvironmentVariables  map[string]string
		StartCalendarInterval []map[string]int
	}
	out := python(t, "import plistlib,json,sys; print(json.dumps(plistlib.load(open(sys.argv[1], 'rb'))))", j.Plist())
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	if got.Label != "app.postroom.postroom-abc" || !slices.Equal(got.ProgramArguments, append([]string{j.Command}, j.Args...)) ||
		got.EnvironmentVariables["XDG_CONFIG_HOME"] != "/home/a b/100%$x" || len(got.StartCalendarInterval) != 2 || got.StartCalendarInterval[0]["Weekday"] != 0 || got.StartCalendarInterval[1]["Hour"] != 7 {
		t.Errorf("%+v", got)
	}
	j.When = days(t, "monthly 3 06:15")
	out = python(t, "import plistlib,json,sys; print(json.dumps(plistlib.load(open(sys.argv[1], 'rb'))))", j.Plist())
	if err := json.Unmarshal(out, &got); err != nil || got.StartCalendarInterval[0]["Day"] != 3 {
		t.Errorf("%+v, %v", got, err)
	}
}

// What the Task Scheduler is to read is XML in UTF-16 whose elements stand in the
// order of its schema.
func TestTaskIsXML(t *testing.T) {
	for when, trigger := range map[string]string{"monday 07:00": "ScheduleByWeek", "daily 06:00": "ScheduleByDay", "monthly 1 07:00": "ScheduleByMonth"} {
		j := odd
		j.When = days(t, when)
		raw := j.Task()
		if raw[0] != 0xFF || raw[1] != 0xFE {
			t.Fatal("no mark of UTF-16")
		}
		units := make([]uint16, 0, len(raw)/2)
		for i := 2; i+1 < len(raw); i += 2 {
			units = append(units, uint16(raw[i])|uint16(raw[i+1])<<8)
		}
		text := string(utf16.Decode(units))
		decoder := xml.NewDecoder(strings.NewReader(text))
		decoder.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
		var task struct {
			XMLName          xml.Name `xml:"http://schemas.microsoft.com/windows/2004/02/mit/task Task"`
			RegistrationInfo struct{ Description string }
			Triggers         struct {
				CalendarTrigger struct {
					StartBoundary string
					Inner         string `xml:",innerxml"`
				}
			}
			Principals struct {
				Principal struct{ LogonType string }
			}
			Actions struct {
				Exec struct{ Command, Arguments string }
			}
		}
		if err := decoder.Decode(&task); err != nil {
			t.Fatal(err)
		}
		const arguments = `schedule --run postroom-abc "a \"b\" c\\" "%h $HOME 50%" x=y;z "ü <&>" ""`
		if task.Actions.Exec.Command != j.Command || task.Actions.Exec.Arguments != arguments || task.Principals.Principal.LogonType != "InteractiveToken" ||
			!strings.Contains(task.Triggers.CalendarTrigger.Inner, trigger) {
			t.Errorf("%+v", task)
		}
		if _, err := time.Parse("2006-01-02T15:04:05", task.Triggers.CalendarTrigger.StartBoundary); err != nil {
			t.Error(err)
		}
		last := -1
		for _, element := range []string{"<RegistrationInfo>", "<Triggers>", "<Principals>", "<Settings>", "<Actions "} {
			at := strings.Index(text, element)
			if at <= last {
				t.Errorf("%s stands out of its order", element)
			}
			last = at
		}
	}
}

// Each system's scheduler is told once, and nothing is left where it refuses.
func TestInstallAndRemove(t *testing.T) {
	for _, system := range []string{"linux", "darwin", "windows"} {
		t.Run(system, func(t *testing.T) {
			dir := t.TempDir()
			var said []string
			var refusal error
			s := schedule.System{OS: system, Units: filepath.Join(dir, "units"), Agents: filepath.Join(dir, "agents"), Do: func(_ context.Context, name string, args ...string) ([]byte, error) {
				said = append(said, name+" "+strings.Join(args, " "))
				if i := slices.Index(args, "/XML"); i >= 0 {
					if _, err := os.Stat(args[i+1]); err != nil {
						t.Error(err)
					}
				}
				return nil, refusal
			}}
			files := func() (n int) {
				_ = filepath.WalkDir(dir, func(_ string, d os.DirEntry, _ error) error {
					if d != nil && !d.IsDir() {
						n++
					}
					return nil
				})
				return n
			}
			j := odd
			j.When = days(t, "monday 07:00")
			if err := s.Install(t.Context(), j); err != nil {
				t.Fatal(err)
			}
			want := map[string]int{"linux": 2, "darwin": 1, "windows": 0}[system]
			if files() != want || !strings.Contains(strings.Join(said, "\n"), j.ID) {
				t.Errorf("%d files, %q", files(), said)
			}
			if err := s.Remove(t.Context(), j.ID); err != nil || files() != 0 {
				t.Errorf("%d files are left, %v", files(), err)
			}
			refusal = errors.New("no")
			if err := s.Install(t.Context(), j); !errors.Is(err, refusal) || files() != 0 {
				t.Errorf("%d files are left of what was refused, %v", files(), err)
			}
		})
	}
	if err := (schedule.System{OS: "plan9"}).Install(t.Context(), odd); !errors.Is(err, schedule.ErrNoScheduler) {
		t.Error(err)
	}
}

// The files of the last runs stay, older ones are given to be deleted; what failed
// is told until it was seen.
func TestBook(t *testing.T) {
	b := schedule.Open(filepath.Join(t.TempDir(), "schedules.json"))
	s, err := b.Add(t.Context(), schedule.Schedule{Title: "x", When: days(t, "monday 07:00"), Args: []string{"report", "mailbox-list"}, Keep: 2})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range [][]string{nil, nil, {"f0"}, {"f1"}} {
		old, err := b.Note(t.Context(), s.ID, schedule.Ran{At: time.Unix(int64(i), 0), Files: []string{"f" + string(rune('0'+i))}})
		if err != nil || !slices.Equal(old, want) {
			t.Errorf("run %d: %q, %v", i, old, err)
		}
	}
	if _, err := b.Note(t.Context(), s.ID, schedule.Ran{Code: 3, Text: "no"}); err != nil {
		t.Fatal(err)
	}
	if failed, err := b.Unseen(); err != nil || len(failed) != 1 || failed[0].ID != s.ID {
		t.Errorf("%+v, %v", failed, err)
	}
	if err := b.See(t.Context()); err != nil {
		t.Fatal(err)
	}
	if failed, _ := b.Unseen(); len(failed) != 0 {
		t.Errorf("%+v", failed)
	}
	if err := b.Remove(t.Context(), "other"); !errors.Is(err, schedule.ErrUnknown) {
		t.Error(err)
	}
	if err := b.Remove(t.Context(), s.ID); err != nil {
		t.Error(err)
	}
}
