// Package folders says where on this computer the program keeps its files:
// settings in one folder, state such as the ledger in another. It makes no
// folder and reads no file.
package folders

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// ID is the program's name among all of the desktop's, as FyneApp.toml has it;
// passwords lie in the keyring under it.
const ID = "app.postroom"

// The files in the folder of settings.
const (
	Endpoints = "endpoints.json" // the person's own endpoints, and redirects allowed
	Tenants   = "tenants.json"   // the tenants
	Settings  = "settings.json"  // what the window remembers
	Reports   = "reports.json"   // the person's own reports and packs
	Schedules = "schedules.json" // what the computer's scheduler runs
)

// SignIns is the folder within that of state in which sign-ins are sealed. Their keys
// lie in the keyring under SignInKeys: apart from passwords, so that forgetting those
// does not break these.
const (
	SignIns    = "sign-ins"
	SignInKeys = ID + ".sign-ins"
)

// History is the folder within that of state in which the history lies.
const History = "history"

// program is the name of our folder within the platform's.
const program = "postroom"

// Config is where settings, endpoints and tenants are kept: below
// XDG_CONFIG_HOME where it is set, else the platform's own folder.
func Config() (string, error) {
	if dir := absolute("XDG_CONFIG_HOME"); dir != "" {
		return filepath.Join(dir, program), nil
	}
	if runtime.GOOS == "linux" { // os.UserConfigDir gives up on a relative variable
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("find the folder for settings: %w", err)
		}
		return filepath.Join(home, ".config", program), nil
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("find the folder for settings: %w", err)
	}
	return filepath.Join(dir, program), nil
}

// State is where the ledger and the logs are kept: below XDG_STATE_HOME where
// it is set, else the platform's own folder for data that stays on the computer.
func State() (string, error) {
	if dir := absolute("XDG_STATE_HOME"); dir != "" {
		return filepath.Join(dir, program), nil
	}
	if runtime.GOOS == "windows" {
		if dir := absolute("LOCALAPPDATA"); dir != "" {
			return filepath.Join(dir, program), nil
		}
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find the folder for state: %w", err)
	}
	if runtime.GOOS == "darwin" {
		return filepath.Join(home, "Library", "Application Support", program), nil
	}
	return filepath.Join(home, ".local", "state", program), nil
}

// absolute gives the variable's folder; one that is not absolute is to be
// ignored (XDG Base Directory Specification).
func absolute(variable string) string {
	if dir := os.Getenv(variable); filepath.IsAbs(dir) {
		return dir
	}
	return ""
}
