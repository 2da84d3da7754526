package e2e

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"postroom/session/simulator"
	"postroom/test/fixture"
)

// A signal ends a run within ten seconds, whatever the server sends, and the process stays
// under 700 MB: docs/performance.md has what was measured.
const (
	mostAfterSignal = 10 * time.Second
	mostMemory      = 700 << 10 // KB
)

// worked is closed when a thread of this process has had the processor for so long: on an
// idle machine that is the time on the clock, and on a busy one it gets longer as the work
// of everybody does. So a run that has to end in ten seconds has to end before it. The
// thread rests when stop is closed.
func worked(long time.Duration, stop <-chan struct{}) <-chan struct{} {
	done := make(chan struct{})
	go func() { // ends with its work, or with stop
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		var began, now unix.Timespec
		if unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &began) != nil {
			return // then nothing is held to it
		}
		work := make([]byte, 1<<16)
		for {
			select {
			case <-stop:
				return
			default:
			}
			sum := sha256.Sum256(work)
			copy(work, sum[:])
			if unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &now) == nil && now.Nano()-began.Nano() >= int64(long) {
				close(done)
				return
			}
		}
	}()
	return done
}

// peakOf watches how much memory a process takes until it has ended, and gives the
// most in KB. What wait4 tells of a child is no less than what this process had when
// it started it, which is more beside the race detector.
func peakOf(pid int, ended <-chan struct{}) <-chan int {
	peak := make(chan int, 1)
	go func() { // ends with the process
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		most := 0
		for {
			status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)) // it may have ended
			if _, after, found := strings.Cut(string(status), "VmHWM:"); found {
				var kb int
				if _, err := fmt.Sscan(after, &kb); err == nil {
					most = max(most, kb)
				}
			}
			select {
			case <-tick.C:
			case <-ended:
				peak <- most
				return
			}
		}
	}()
	return peak
}

// TestASignalEndsEveryRun: inputs that once made the program stuck or huge, each from a server between the program and the simulator. A signal that comes
// while they are worked on ends the run soon, with the session deleted.
func TestASignalEndsEveryRun(t *testing.T) {
	fixture.Long(t)
	for _, c := range []struct {
		name string
		bulk bulk
		args []string
	}{
		{name: "a row of 250,000 names, each twice", bulk: rowsOf(1, func(_ int, b *bytes.Buffer) {
			for i := range 500_000 {
				fmt.Fprintf(b, `<S N="n%d">v</S>`, i%250_000)
			}
		})},
		{name: "30,000 columns that come late", bulk: rowsOf(30_000, func(row int, b *bytes.Buffer) { fmt.Fprintf(b, `<S N="c%d">v</S>`, row) })},
		{name: "a workbook of 16,384 columns", args: []string{"--xlsx", "wide.xlsx"}, bulk: rowsOf(60, func(row int, b *bytes.Buffer) {
			for i := range 16_384 {
				fmt.Fprintf(b, `<S N="c%d">r%d</S>`, i, row)
			}
		})},
		{name: "15 million empty elements", bulk: func(stream, _ string) []string {
			return []string{fmt.Sprintf(receiveResponse, strings.Repeat("<a/>", 15_000_000))}
		}},
		{name: "a fault text of 50 MB", bulk: func(string, string) []string {
			return []string{fmt.Sprintf(fault, strings.Repeat("All is lost. ", 4_000_000))}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := serve(t, simulator.Options{Rows: 10})
			between := newHostile(t, s, c.bulk)
			args := c.args
			if args == nil {
				args = []string{"--csv", "rows.csv"}
			}
			cmd := exec.Command(program, slices.Concat([]string{"run", "--url", between.url, "--user", s.account, "--password-stdin", "--ca", between.ca}, args, []string{"Get-Mailbox"})...)
			env := home(t)
			cmd.Env, cmd.Dir = env, t.TempDir()
			cmd.Stdin = strings.NewReader(s.password + "\n")
			var said bytes.Buffer
			cmd.Stderr = &said
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan struct{})
			go func() { // ends with the program
				_ = cmd.Wait() // how it ended is looked at below
				close(ended)
			}()
			peak := peakOf(cmd.Process.Pid, ended)
			select {
			case <-between.sent:
			case <-ended:
				t.Fatalf("ended before all was sent: %v\n%s", cmd.ProcessState, said.String())
			case <-time.After(3 * long):
				_ = cmd.Process.Kill() // it has failed
				<-ended
				t.Fatalf("not all was sent\n%s", said.String())
			}
			began := time.Now()
			if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
				t.Logf("it had ended by itself: %v", err)
			}
			select {
			case <-ended:
			case <-worked(mostAfterSignal, ended):
				t.Errorf("%v of work after the signal it goes on", mostAfterSignal)
				_ = cmd.Process.Kill()
				<-ended
			}
			took := time.Since(began)
			kb := <-peak
			t.Logf("%v, %d MB, exit %d: %.200s", took.Round(time.Millisecond), kb>>10, cmd.ProcessState.ExitCode(), said.String())
			if kb == 0 || kb > mostMemory {
				t.Errorf("it grew to %d MB", kb>>10)
			}
			if cmd.ProcessState.ExitCode() <= 0 || said.Len() == 0 || said.Len() > 20_000 {
				t.Errorf("exit %d, and %d characters were said: %.300s", cmd.ProcessState.ExitCode(), said.Len(), said.String())
			}
			s.empty(t)
			cleanLedger(t, env)
		})
	}
}

const (
	envelope        = `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:rsp="http://schemas.microsoft.com/wbem/wsman/1/windows/shell"><s:Header/><s:Body>`
	receiveResponse = envelope + `<rsp:ReceiveResponse>%s</rsp:ReceiveResponse></s:Body></s:Envelope>`
	fault           = envelope + `<s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text xml:lang="en-US">%s</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>`
)

// bulk makes the answers to the first Receives of a command in a shell.
type bulk func(shell, command string) []string

// rowsOf gives rows, their properties written by cells, in answers of half a megabyte.
func rowsOf(rows int, cells func(row int, b *bytes.Buffer)) bulk {
	return func(shell, command string) (answers []string) {
		var stream, row bytes.Buffer
		flush := func() {
			answers = append(answers, fmt.Sprintf(receiveResponse, `<rsp:Stream Name="stdout" CommandId="`+command+`">`+base64.StdEncoding.EncodeToString(stream.Bytes())+`</rsp:Stream>`))
			stream.Reset()
		}
		for i := range rows {
			row.Reset()
			row.WriteString(`<Obj RefId="0"><MS>`)
			cells(i, &row)
			row.WriteString(`</MS></Obj>`)
			stream.Write(outputMessage(uint64(i+1), shell, command, row.Bytes()))
			if stream.Len() > 300_000 {
				flush()
			}
		}
		if stream.Len() > 0 {
			flush()
		}
		return answers
	}
}

// outputMessage is a PIPELINE_OUTPUT in one fragment (MS-PSRP 2.2.1, 2.2.4).
func outputMessage(id uint64, shell, command string, payload []byte) []byte {
	var message bytes.Buffer
	_ = binary.Write(&message, binary.LittleEndian, []uint32{1, 0x00041004}) // a Buffer gives no error
	message.Write(guid(shell))
	message.Write(guid(command))
	message.Write(payload)
	var fragment bytes.Buffer
	_ = binary.Write(&fragment, binary.BigEndian, []uint64{id, 0})
	fragment.WriteByte(3) // start and end
	_ = binary.Write(&fragment, binary.BigEndian, uint32(message.Len()))
	fragment.Write(message.Bytes())
	return fragment.Bytes()
}

// guid is a GUID as .NET writes it: the first three numbers little-endian.
func guid(text string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(text, "-", ""))
	if err != nil || len(b) != 16 {
		return make([]byte, 16)
	}
	slices.Reverse(b[0:4])
	slices.Reverse(b[4:6])
	slices.Reverse(b[6:8])
	return b
}

// hostile is a server that hands all on to a simulator, but for the Receives of the first
// command: it answers them with its own bulk, and the one after that not at all.
type hostile struct {
	url, ca string
	sent    chan struct{} // closed when all of it is on its way

	mu      sync.Mutex
	bulk    bulk
	answers []string
	begun   bool
	over    bool
}

var (
	ofShell   = regexp.MustCompile(`Name="ShellId"[^>]*>([0-9A-Fa-f-]{36})<`)
	ofCommand = regexp.MustCompile(`CommandId="([0-9A-Fa-f-]{36})"`)
)

func newHostile(t *testing.T, s *server, b bulk) *hostile {
	t.Helper()
	to, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	ca, err := os.ReadFile(s.ca)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	onward := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	t.Cleanup(onward.CloseIdleConnections)
	h := &hostile{bulk: b, sent: make(chan struct{})}
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		if answer, ours := h.answer(body); ours {
			h.give(w, r, answer)
			return
		}
		out := r.Clone(r.Context())
		out.URL.Scheme, out.URL.Host, out.Host, out.RequestURI = "https", to.Host, to.Host, ""
		out.Body = io.NopCloser(bytes.NewReader(body))
		resp, err := onward.RoundTrip(out)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer resp.Body.Close() //nolint:errcheck // it is only read
		for name, values := range resp.Header {
			w.Header()[name] = values
		}
		w.WriteHeader(resp.StatusCode)
		_, _ = io.Copy(w, resp.Body) // the client may have gone
	}))
	t.Cleanup(srv.Close)
	h.url = srv.URL + to.Path
	h.ca = filepath.Join(t.TempDir(), "between.pem")
	if err := os.WriteFile(h.ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return h
}

// answer is what a Receive of a command gets: false for any other request.
func (h *hostile) answer(body []byte) (string, bool) {
	command := ofCommand.FindSubmatch(body)
	if !bytes.Contains(body, []byte("shell/Receive")) || command == nil {
		return "", false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.begun {
		h.begun = true
		shell := ofShell.FindSubmatch(body)
		if shell == nil {
			return "", false
		}
		h.answers = h.bulk(string(shell[1]), string(command[1]))
	}
	if len(h.answers) == 0 {
		return "", true
	}
	first := h.answers[0]
	h.answers = h.answers[1:]
	return first, true
}

// give sends an answer; after the last none comes until the client goes.
func (h *hostile) give(w http.ResponseWriter, r *http.Request, answer string) {
	if answer == "" {
		<-r.Context().Done()
		return
	}
	h.mu.Lock()
	last := len(h.answers) == 0 && !h.over
	h.over = h.over || last
	h.mu.Unlock()
	w.Header().Set("Content-Type", "application/soap+xml;charset=UTF-8")
	if strings.Contains(answer[:600], "<s:Fault>") {
		w.WriteHeader(http.StatusInternalServerError)
	}
	_, _ = io.WriteString(w, answer) // the client may have gone
	if last {
		close(h.sent)
	}
}
