package schedule

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"postroom/session/atomicfile"
)

// System is the computer's scheduler.
type System struct {
	// OS is linux, darwin or windows, as runtime.GOOS has it.
	OS string
	// Units is the folder of systemd's user units, Agents that of launchd's.
	Units, Agents string
	// Do runs a program of the system's and gives what it said.
	Do func(ctx context.Context, name string, args ...string) ([]byte, error)
}

// ErrNoScheduler means that this computer has none that is known.
var ErrNoScheduler = errors.New("schedule: this computer has no scheduler that can be used")

// Here is that of this computer, for the person who is signed in.
func Here() (System, error) {
	s := System{OS: runtime.GOOS, Do: run}
	home, err := os.UserHomeDir()
	if err != nil {
		return s, fmt.Errorf("find the folder for schedules: %w", err)
	}
	config := os.Getenv("XDG_CONFIG_HOME")
	if !filepath.IsAbs(config) {
		config = filepath.Join(home, ".config")
	}
	s.Units, s.Agents = filepath.Join(config, "systemd", "user"), filepath.Join(home, "Library", "LaunchAgents")
	return s, nil
}

// systemTime is how long a program of the system's may take.
const systemTime = 20 * time.Second

// run runs a program; what it said is part of the error.
func run(ctx context.Context, name string, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, systemTime)
	defer cancel()
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput() //nolint:gosec // the names are ours, the arguments words
	if errors.Is(err, exec.ErrNotFound) {
		return out, fmt.Errorf("%w: %w", ErrNoScheduler, err)
	}
	if err != nil {
		return out, &SystemError{Program: name, Said: strings.TrimSpace(string(out)), Err: err}
	}
	return out, nil
}

// SystemError is what the computer's scheduler said when it would not.
type SystemError struct {
	Program, Said string
	Err           error
}

// Error gives what it said.
func (e *SystemError) Error() string {
	return fmt.Sprintf("schedule: %s: %v: %s", e.Program, e.Err, e.Said)
}

// Unwrap gives how the program ended.
func (e *SystemError) Unwrap() error { return e.Err }

// Scheduler gives the program and what it said.
func (e *SystemError) Scheduler() (program, said string) { return e.Program, e.Said }

func write(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make the folder of schedules: %w", err)
	}
	return atomicfile.Replace(path, atomicfile.Private, func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(text))
		return err
	})
}

func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove a schedule: %w", err)
	}
	return nil
}

// Install makes the scheduler run the job. When it would not, nothing is left.
func (s System) Install(ctx context.Context, j Job) error {
	err := s.install(ctx, j)
	if err != nil {
		return errors.Join(err, s.forget(j.ID))
	}
	return nil
}

func (s System) install(ctx context.Context, j Job) error {
	switch s.OS {
	case "linux":
		service, timer := s.unitFiles(j.ID)
		if err := errors.Join(write(service, j.Service()), write(timer, j.Timer())); err != nil {
			return err
		}
		if _, err := s.Do(ctx, "systemctl", "--user", "daemon-reload"); err != nil {
			return err
		}
		_, err := s.Do(ctx, "systemctl", "--user", "enable", "--now", j.ID+".timer")
		return err
	case "darwin":
		path := s.agentFile(j.ID)
		if err := write(path, j.Plist()); err != nil {
			return err
		}
		_, err := s.Do(ctx, "launchctl", "load", "-w", path)
		return err
	case "windows":
		dir, err := os.MkdirTemp("", "postroom")
		if err != nil {
			return fmt.Errorf("make the task's file: %w", err)
		}
		defer os.RemoveAll(dir) //nolint:errcheck // a folder of temporary files
		path := filepath.Join(dir, j.ID+".xml")
		if err := write(path, j.Task()); err != nil {
			return err
		}
		_, err = s.Do(ctx, "schtasks", "/Create", "/TN", taskName(j.ID), "/XML", path, "/F")
		return err
	}
	return ErrNoScheduler
}

// Remove makes the scheduler forget the job. One that it does not know is none.
func (s System) Remove(ctx context.Context, id string) error {
	var err error
	switch s.OS {
	case "linux":
		service, timer := s.unitFiles(id)
		if _, statErr := os.Stat(timer); errors.Is(statErr, fs.ErrNotExist) {
			return remove(service)
		}
		_, err = s.Do(ctx, "systemctl", "--user", "disable", "--now", id+".timer")
		err = errors.Join(err, s.forget(id))
		_, reloadErr := s.Do(ctx, "systemctl", "--user", "daemon-reload")
		return errors.Join(err, reloadErr)
	case "darwin":
		if _, statErr := os.Stat(s.agentFile(id)); errors.Is(statErr, fs.ErrNotExist) {
			return nil
		}
		_, err = s.Do(ctx, "launchctl", "unload", "-w", s.agentFile(id))
		return errors.Join(err, s.forget(id))
	case "windows":
		_, err = s.Do(ctx, "schtasks", "/Delete", "/TN", taskName(id), "/F")
		return err
	}
	return ErrNoScheduler
}

// forget removes the job's files.
func (s System) forget(id string) error {
	switch s.OS {
	case "linux":
		service, timer := s.unitFiles(id)
		return errors.Join(remove(timer), remove(service))
	case "darwin":
		return remove(s.agentFile(id))
	}
	return nil
}

func (s System) unitFiles(id string) (service, timer string) {
	return filepath.Join(s.Units, id+".service"), filepath.Join(s.Units, id+".timer")
}

func (s System) agentFile(id string) string {
	return filepath.Join(s.Agents, Job{ID: id}.Label()+".plist")
}

func taskName(id string) string { return `Postroom\` + id }
