package schedule

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// Job is a schedule as the computer's scheduler should run it.
type Job struct {
	ID, Title string
	When      When
	// Command is the whole path of the program, Args its words.
	Command string
	Args    []string
	// Env are variables that the command needs to find the person's folders, as
	// NAME=VALUE; none in most cases.
	Env []string
}

// description is what the scheduler's own lists say.
func (j Job) description() string { return "Postroom: " + oneLine(j.Title) }

// oneLine is a text without what ends a line of a unit.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F {
			return ' '
		}
		return r
	}, text)
}

// unitWord is a word of ExecStart or Environment (systemd.service(5), systemd.syntax(7)).
func unitWord(word string) string {
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "%", "%%", "$", "$$", "\n", `\n`, "\t", `\t`).Replace(word)
	return `"` + quoted + `"`
}

// Service is the unit that systemd runs (systemd.service(5)).
func (j Job) Service() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "[Unit]\nDescription=%s\n\n[Service]\nType=oneshot\n", strings.ReplaceAll(j.description(), "%", "%%"))
	for _, e := range j.Env {
		fmt.Fprintf(&b, "Environment=%s\n", strings.ReplaceAll(unitWord(e), "$$", "$"))
	}
	b.WriteString("ExecStart=" + unitWord(j.Command))
	for _, a := range j.Args {
		b.WriteString(" " + unitWord(a))
	}
	b.WriteString("\n")
	return b.Bytes()
}

// Timer is the unit that says when (systemd.timer(5)). A run that was missed, since
// the computer was off, is made up for.
func (j Job) Timer() []byte {
	day := "*-*-*"
	switch {
	case j.When.Of > 0:
		day = fmt.Sprintf("*-*-%02d", j.When.Of)
	case len(j.When.Days) > 0:
		var names []string
		for _, d := range j.When.Days {
			names = append(names, d.String()[:3])
		}
		day = strings.Join(names, ",") + " " + day
	}
	return fmt.Appendf(nil, "[Unit]\nDescription=%s\n\n[Timer]\nOnCalendar=%s %02d:%02d:00\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n",
		strings.ReplaceAll(j.description(), "%", "%%"), day, j.When.Hour, j.When.Minute)
}

// taskTime is any day in the past, from which on the task runs.
const taskTime = "2026-01-01T%02d:%02d:00"

// Task is what the Task Scheduler imports (MS-TSCH 2.5; schtasks /Create /XML): it
// runs while the person is signed in, so that it has their keyring.
func (j Job) Task() []byte {
	trigger := `<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>`
	switch {
	case j.When.Of > 0:
		months := ""
		for m := time.January; m <= time.December; m++ {
			months += "<" + m.String() + "/>"
		}
		trigger = fmt.Sprintf(`<ScheduleByMonth><DaysOfMonth><Day>%d</Day></DaysOfMonth><Months>%s</Months></ScheduleByMonth>`, j.When.Of, months)
	case len(j.When.Days) > 0:
		days := ""
		for _, d := range j.When.Days {
			days += "<" + d.String() + "/>"
		}
		trigger = `<ScheduleByWeek><WeeksInterval>1</WeeksInterval><DaysOfWeek>` + days + `</DaysOfWeek></ScheduleByWeek>`
	}
	words := make([]string, len(j.Args))
	for i, a := range j.Args {
		words[i] = windowsWord(a)
	}
	text := `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>` + escape(j.description()) + `</Description></RegistrationInfo>
  <Triggers><CalendarTrigger><StartBoundary>` + fmt.Sprintf(taskTime, j.When.Hour, j.When.Minute) + `</StartBoundary><Enabled>true</Enabled>` + trigger + `</CalendarTrigger></Triggers>
  <Principals><Principal id="Author"><LogonType>InteractiveToken</LogonType><RunLevel>LeastPrivilege</RunLevel></Principal></Principals>
  <Settings><MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy><DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries><StopIfGoingOnBatteries>false</StopIfGoingOnBatteries><StartWhenAvailable>true</StartWhenAvailable><ExecutionTimeLimit>PT12H</ExecutionTimeLimit></Settings>
  <Actions Context="Author"><Exec><Command>` + escape(j.Command) + `</Command><Arguments>` + escape(strings.Join(words, " ")) + `</Arguments></Exec></Actions>
</Task>
`
	return utf16LE(text)
}

// windowsWord quotes a word as CommandLineToArgvW reads it.
func windowsWord(word string) string {
	if word != "" && !strings.ContainsAny(word, " \t\"") {
		return word
	}
	var b strings.Builder
	b.WriteByte('"')
	slashes := 0
	for _, r := range word {
		switch r {
		case '\\':
			slashes++
			continue
		case '"':
			b.WriteString(strings.Repeat(`\`, 2*slashes+1))
		default:
			b.WriteString(strings.Repeat(`\`, slashes))
		}
		slashes = 0
		b.WriteRune(r)
	}
	b.WriteString(strings.Repeat(`\`, 2*slashes))
	b.WriteByte('"')
	return b.String()
}

func escape(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder's Write does not fail
	return b.String()
}

// Label is the job's name for launchd.
func (j Job) Label() string { return "app.postroom." + j.ID }

// Plist is what launchd reads (launchd.plist(5)).
func (j Job) Plist() []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>Label</key>
	<string>` + escape(j.Label()) + `</string>
	<key>ProgramArguments</key>
	<array>
`)
	for _, word := range append([]string{j.Command}, j.Args...) {
		b.WriteString("\t\t<string>" + escape(word) + "</string>\n")
	}
	b.WriteString("\t</array>\n")
	if len(j.Env) > 0 {
		b.WriteString("\t<key>EnvironmentVariables</key>\n\t<dict>\n")
		for _, e := range j.Env {
			name, value, _ := strings.Cut(e, "=")
			b.WriteString("\t\t<key>" + escape(name) + "</key>\n\t\t<string>" + escape(value) + "</string>\n")
		}
		b.WriteString("\t</dict>\n")
	}
	b.WriteString("\t<key>StartCalendarInterval</key>\n\t<array>\n")
	at := []string{"Hour", strconv.Itoa(j.When.Hour), "Minute", strconv.Itoa(j.When.Minute)}
	var all [][]string
	switch {
	case j.When.Of > 0:
		all = append(all, append([]string{"Day", strconv.Itoa(j.When.Of)}, at...))
	case len(j.When.Days) == 0:
		all = append(all, at)
	}
	for _, d := range j.When.Days {
		all = append(all, append([]string{"Weekday", strconv.Itoa(int(d))}, at...))
	}
	for _, one := range all {
		b.WriteString("\t\t<dict>\n")
		for i := 0; i < len(one); i += 2 {
			b.WriteString("\t\t\t<key>" + one[i] + "</key>\n\t\t\t<integer>" + one[i+1] + "</integer>\n")
		}
		b.WriteString("\t\t</dict>\n")
	}
	b.WriteString("\t</array>\n</dict>\n</plist>\n")
	return []byte(b.String())
}

// utf16LE is a text as Windows writes it, with its mark.
func utf16LE(text string) []byte {
	b := []byte{0xFF, 0xFE}
	for _, unit := range utf16.Encode([]rune(text)) {
		b = binary.LittleEndian.AppendUint16(b, unit)
	}
	return b
}
