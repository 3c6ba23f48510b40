// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT

// One streamed response through the proxy with Go's net/http, which takes proxy and authorities only from its
// environment: client TARGET KEY GATE EVENTS. Prints each line as it arrives, or the error.
package main

import (
	"bufio"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
)

const question = `{"model": "mock-small", "stream": true, "messages": [{"role": "user", "content": "hello"}]}`

func main() {
	target, key, gate, events := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	proxy, err := url.Parse(os.Getenv("LLM_PROXY")) // not HTTPS_PROXY: Go bypasses that for localhost
	if err != nil {
		panic(err)
	}
	client := http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(proxy)}}
	request, err := http.NewRequest("POST", target+"/v1/chat/completions", strings.NewReader(question))
	if err != nil {
		panic(err)
	}
	request.Header.Set("Authorization", "Bearer "+key)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Mock-Gate", gate)
	request.Header.Set("X-Mock-Events", events)
	response, err := client.Do(request)
	if err != nil {
		fmt.Println("error:", err)
		return
	}
	defer response.Body.Close()
	fmt.Println("status:", response.Status)
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		fmt.Println(lines.Text())
	}
	if err := lines.Err(); err != nil {
		fmt.Println("error:", err)
	}
}
