# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options for reaching a server, the same for every provider."""

from __future__ import annotations


class ModuleDocFragment:
    """Time-outs, retries, parallel reads, TLS and proxy."""

    DOCUMENTATION = r"""
options:
  timeout:
    description:
      - Seconds to wait for a connection, and then for the next bytes of an answer, in each attempt.
    type: float
    default: 30
  deadline:
    description:
      - Seconds that the whole call may take, with all its pages, retries and waits.
      - When it passes, the module fails and returns what it has read by then.
    type: float
    default: 300
  retries:
    description:
      - How often a request is repeated after a failure that may pass, like a lost connection, a broken answer,
        throttling (HTTP 429) or a server in trouble (HTTP 500, 502, 503, 504).
      - The waits between attempts grow, with chance in them. A C(Retry-After) of the server is respected.
    type: int
    default: 5
  parallel:
    description:
      - How many requests may be under way to one source at any moment, from 1 to 64.
    type: int
    default: 8
  page_size:
    description:
      - How many records to ask for in each request. The default is the best for the provider.
    type: int
  validate_certs:
    description:
      - Whether the server's TLS certificate must be valid. Without it, anybody on the way can read the credentials.
      - Plain C(http) addresses other than this machine itself are refused unless this is V(false).
    type: bool
    default: true
  ca_path:
    description:
      - A PEM file, or a folder prepared with C(openssl rehash), with the authorities to trust, on the machine that runs
        the module.
      - If not given, E(REQUESTS_CA_BUNDLE) and E(CURL_CA_BUNDLE) count, then the authorities that come with Python's
        C(certifi).
    type: path
  client_cert:
    description:
      - A PEM file with a client certificate, on the machine that runs the module. It may contain the key, too.
    type: path
  client_key:
    description:
      - A PEM file with the key of O(client_cert), not encrypted.
    type: path
  proxy:
    description:
      - Address of a proxy for all requests, for example V(http://proxy.example.com:3128). A password in it is masked.
      - If not given, the usual environment variables like E(HTTPS_PROXY) and E(NO_PROXY) count.
    type: str
requirements:
  - requests >= 2.25.1
"""
