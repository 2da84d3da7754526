//go:build windows || darwin

package proxy

import (
	"context"
	"net/url"
	"strings"
)

// settings are what the operating system keeps: a script, fixed proxies, or both.
type settings struct {
	script    bool
	find      func(address string) string // runs the script
	fixed     bool
	protocols map[string]string // "http", "https", "" for all
	except    []string
}

func isSeparator(r rune) bool { return r == ',' || r == ';' || r == ' ' }

// ofProxyConf asks the system in the order that Windows and macOS have: the
// script, then what is fixed. A script may ask the network, so that it does not
// outlast ctx.
func ofProxyConf(ctx context.Context, source string, server *url.URL, read func() settings) (*url.URL, error) {
	type answer struct {
		proxy *url.URL
		err   error
	}
	done := make(chan answer, 1)
	go func() { // ends with the system's answer; WinHTTP gives up on a script after a minute
		s := read()
		if s.script {
			if found := s.find(server.String()); found != "" {
				proxy, err := first(source, strings.FieldsFunc(found, func(r rune) bool { return r == ';' }))
				done <- answer{proxy, err}
				return
			}
		}
		if !s.fixed || excepted(server.Hostname(), s.except) {
			done <- answer{}
			return
		}
		text := s.protocols[server.Scheme]
		if text == "" {
			text = s.protocols[""]
		}
		if text == "" {
			done <- answer{}
			return
		}
		proxy, err := address(source, text)
		done <- answer{proxy, err}
	}()
	select {
	case a := <-done:
		return a.proxy, a.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}
