//go:build race

package desktest

// raceDetector says that the tests run under the race detector, where painting
// takes a minute and finds nothing.
const raceDetector = true
