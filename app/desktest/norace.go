//go:build !race

package desktest

const RaceDetector = false
