# Copyright (c) 2026 multivendor.backup contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of all unified modules: which backup systems to read, and how to reach them.

Written by `python -m tests.tools.sources_fragment` from the fragments of the providers. Change those, or that.
"""

from __future__ import annotations


class ModuleDocFragment:
    """The sources, each with the options of its provider, and the connection that they share."""

    DOCUMENTATION = r"""
options:
  sources:
    description:
      - The backup systems to read, all at the same time. One that cannot be read costs the others nothing.
      - Each source has exactly one of O(sources[].yandex), O(sources[].clumio), O(sources[].veeam) and
        O(sources[].petadata).
      - What a source does not say about the connection is taken from O(connection). What neither says is as in the
        modules of the provider.
      - The same list serves all unified modules. Set it once, in C(module_defaults) or in a variable of the inventory.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - What to call the source, in results, messages and uids. Unique among the sources, made of letters, digits,
            C(_), C(.) and C(-), and at most 100 characters long.
          - If not given, it is the provider, for example V(clumio).
        type: str
      rpo:
        description:
          - How old the newest good backup of a resource of this source may be, in place of the option O(ignore:rpo) of
            M(multivendor.backup.backup_resource_info). A length of time, for example V(26h) or V(7d).
          - Modules that read tasks take no notice of it.
        type: str
      yandex:
        description:
          - The source is Yandex Cloud Backup, read with these options.
          - What is given neither here nor in O(connection) is as in M(multivendor.backup.yandex_backup_task_info).
          - A source that gives one of O(sources[].yandex.api_host), O(sources[].yandex.api_url),
            O(sources[].yandex.iam_url) and O(sources[].yandex.metadata_url) takes nothing from the environment, so that
            no credentials ever go to the server of somebody else.
        type: dict
        suboptions:
          folder_id:
            description:
              - Id of the folder to read. Required, unless E(YC_FOLDER_ID) is set.
              - The environment does not count in a source that names an endpoint of its own, see O(sources[].yandex).
            type: str
          iam_token:
            description:
              - An IAM token, as C(yc iam create-token) prints it. It lives 12 hours at most.
              - If no way to log in is given, E(YC_IAM_TOKEN), E(YC_TOKEN) and E(YC_SERVICE_ACCOUNT_KEY_FILE) of the
                machine that runs the module are tried, in this order.
              - OAuth tokens are not accepted.
              - Mutually exclusive with O(sources[].yandex.service_account_key) and
                O(sources[].yandex.service_account_key_file).
              - The environment does not count in a source that names an endpoint of its own, see O(sources[].yandex).
            type: str
          service_account_key:
            description:
              - The authorized key of a service account, the JSON that C(yc iam key create --output) wrote, as text or
                as a dictionary.
              - IAM tokens are obtained with it, and renewed when they expire while a long list is read.
            type: json
          service_account_key_file:
            description:
              - Path of a file with such a key, on the machine that runs the module.
              - E(YC_SERVICE_ACCOUNT_KEY_FILE) may hold the key itself instead of a path.
              - The environment does not count in a source that names an endpoint of its own, see O(sources[].yandex).
            type: path
          instance_metadata:
            description:
              - Log in as the service account that is linked to the Compute VM on which the module runs.
              - It excludes the other ways to log in.
              - The default is V(false).
            type: bool
          api_host:
            description:
              - The host that all endpoints are derived from. V(api.cloud.yandex.net) if neither this nor E(YC_ENDPOINT)
                is given; V(api.yandexcloud.kz) for Kazakhstan.
              - The environment does not count in a source that names an endpoint of its own, see O(sources[].yandex).
            type: str
          api_url:
            description:
              - Address of the Cloud Backup API, if it is not C(https://backup.) and O(sources[].yandex.api_host).
            type: str
          iam_url:
            description:
              - Address of the token service, if it is not C(https://iam.) and O(sources[].yandex.api_host).
            type: str
          metadata_url:
            description:
              - Address of the VM's metadata service, if it is not the usual one or that of E(YC_METADATA_ADDR).
              - The environment does not count in a source that names an endpoint of its own, see O(sources[].yandex).
            type: str
          timeout:
            description:
              - Seconds to wait for a connection, and then for the next bytes of an answer, in each attempt.
              - For this source, in place of O(connection.timeout), which says more about it.
            type: float
          deadline:
            description:
              - Seconds that the whole call may take, with all its pages, retries and waits.
              - For this source, in place of O(connection.deadline), which says more about it.
            type: float
          retries:
            description:
              - How often a request is repeated after a failure that may pass, like a lost connection, a broken answer,
                throttling (HTTP 429) or a server in trouble (HTTP 500, 502, 503, 504).
              - For this source, in place of O(connection.retries), which says more about it.
            type: int
          parallel:
            description:
              - How many requests may be under way to one source at any moment, from 1 to 64.
              - For this source, in place of O(connection.parallel), which says more about it.
            type: int
          page_size:
            description:
              - How many records to ask for in each request. The default is the best for the provider.
              - For this source, in place of O(connection.page_size), which says more about it.
            type: int
          validate_certs:
            description:
              - Whether the server's TLS certificate must be valid. Without it, anybody on the way can read the
                credentials.
              - For this source, in place of O(connection.validate_certs), which says more about it.
            type: bool
          ca_path:
            description:
              - A PEM file, or a folder prepared with C(openssl rehash), with the authorities to trust, on the machine
                that runs the module.
              - For this source, in place of O(connection.ca_path), which says more about it.
            type: path
          client_cert:
            description:
              - A PEM file with a client certificate, on the machine that runs the module. It may contain the key, too.
              - For this source, in place of O(connection.client_cert), which says more about it.
            type: path
          client_key:
            description:
              - A PEM file with the key of O(sources[].yandex.client_cert), not encrypted.
              - For this source, in place of O(connection.client_key), which says more about it.
            type: path
          proxy:
            description:
              - Address of a proxy for all requests, for example V(http://proxy.example.com:3128). A password in it is
                masked.
              - For this source, in place of O(connection.proxy), which says more about it.
            type: str
      clumio:
        description:
          - The source is Clumio, read with these options.
          - What is given neither here nor in O(connection) is as in M(multivendor.backup.clumio_backup_task_info).
          - A source that gives O(sources[].clumio.url) takes nothing from the environment, so that no credentials ever
            go to the server of somebody else.
        type: dict
        suboptions:
          kinds:
            description:
              - The kinds of resources to read, of V(ebs_volumes), V(ec2_instances), V(rds_resources),
                V(dynamodb_tables), V(s3_buckets) and V(protection_groups). By default all of them.
              - Tasks are read whatever they work on.
            type: list
            elements: str
          lookback_days:
            description:
              - How many days Clumio looks back to say how the backups of each resource went. Its answer is part of what
                O(ignore:detail=raw) shows. No verdict of ours depends on it.
            type: int
          url:
            description:
              - Address of the API in the region of the account. Required, unless E(CLUMIO_API_BASE_URL) is set.
              - For example V(https://us-west-2.api.clumio.com), V(https://us-east-1.api.clumio.com),
                V(https://ca-central-1.ca.api.clumio.com), V(https://eu-central-1.de.api.clumio.com) or
                V(https://ap-southeast-2.au.api.clumio.com).
            type: str
          api_token:
            description:
              - An API token of Clumio. Required, unless E(CLUMIO_API_TOKEN) is set on the machine that runs the module.
              - The environment does not count in a source that names an endpoint of its own, see O(sources[].clumio).
            type: str
          organizational_unit_context:
            description:
              - Id of the organizational unit to look at. If neither this nor E(CLUMIO_ORGANIZATIONAL_UNIT_CONTEXT) is
                given, it is the unit of the token.
              - The environment does not count in a source that names an endpoint of its own, see O(sources[].clumio).
            type: str
          timeout:
            description:
              - Seconds to wait for a connection, and then for the next bytes of an answer, in each attempt.
              - For this source, in place of O(connection.timeout), which says more about it.
            type: float
          deadline:
            description:
              - Seconds that the whole call may take, with all its pages, retries and waits.
              - For this source, in place of O(connection.deadline), which says more about it.
            type: float
          retries:
            description:
              - How often a request is repeated after a failure that may pass, like a lost connection, a broken answer,
                throttling (HTTP 429) or a server in trouble (HTTP 500, 502, 503, 504).
              - For this source, in place of O(connection.retries), which says more about it.
            type: int
          parallel:
            description:
              - How many requests may be under way to one source at any moment, from 1 to 64.
              - For this source, in place of O(connection.parallel), which says more about it.
            type: int
          page_size:
            description:
              - How many records to ask for in each request. The default is the best for the provider.
              - For this source, in place of O(connection.page_size), which says more about it.
            type: int
          validate_certs:
            description:
              - Whether the server's TLS certificate must be valid. Without it, anybody on the way can read the
                credentials.
              - For this source, in place of O(connection.validate_certs), which says more about it.
            type: bool
          ca_path:
            description:
              - A PEM file, or a folder prepared with C(openssl rehash), with the authorities to trust, on the machine
                that runs the module.
              - For this source, in place of O(connection.ca_path), which says more about it.
            type: path
          client_cert:
            description:
              - A PEM file with a client certificate, on the machine that runs the module. It may contain the key, too.
              - For this source, in place of O(connection.client_cert), which says more about it.
            type: path
          client_key:
            description:
              - A PEM file with the key of O(sources[].clumio.client_cert), not encrypted.
              - For this source, in place of O(connection.client_key), which says more about it.
            type: path
          proxy:
            description:
              - Address of a proxy for all requests, for example V(http://proxy.example.com:3128). A password in it is
                masked.
              - For this source, in place of O(connection.proxy), which says more about it.
            type: str
      veeam:
        description:
          - The source is Veeam Backup Enterprise Manager, read with these options.
          - What is given neither here nor in O(connection) is as in M(multivendor.backup.veeam_backup_session_info).
          - A source that gives O(sources[].veeam.url) takes nothing from the environment, so that no credentials ever
            go to the server of somebody else.
        type: dict
        suboptions:
          url:
            description:
              - Address of Enterprise Manager's REST API, for example V(https://em.example.com:9398). Its port is 9398,
                unless it was changed. Required, unless E(VEEAM_EM_URL) is set.
            type: str
          username:
            description:
              - Name of a user, like V(DOMAIN\\user) or V(user@domain). Needs O(sources[].veeam.password).
              - If none of O(sources[].veeam.username), O(sources[].veeam.password) and O(sources[].veeam.session_token)
                is given, E(VEEAM_EM_USERNAME) and E(VEEAM_EM_PASSWORD) of the machine that runs the module count, and
                if neither of them is set, E(VEEAM_EM_SESSION_TOKEN).
              - The environment does not count in a source that names an endpoint of its own, see O(sources[].veeam).
            type: str
          password:
            description:
              - Password of the user.
            type: str
          session_token:
            description:
              - Token of a logon session that is open already, as M(multivendor.backup.veeam_logon_session) returns it.
                The module leaves the session open. A session ends after 15 idle minutes.
              - Mutually exclusive with O(sources[].veeam.username) and O(sources[].veeam.password).
            type: str
          api_version:
            description:
              - The version of the API to log on to, V(latest) or for example V(v1_7).
              - The default is V(latest).
            type: str
          format:
            description:
              - The format to ask for. The results are the same. JSON needs Enterprise Manager 9.5 Update 4 or later.
              - The default is V(json).
            type: str
            choices: [json, xml]
          timeout:
            description:
              - Seconds to wait for a connection, and then for the next bytes of an answer, in each attempt.
              - For this source, in place of O(connection.timeout), which says more about it.
            type: float
          deadline:
            description:
              - Seconds that the whole call may take, with all its pages, retries and waits.
              - For this source, in place of O(connection.deadline), which says more about it.
            type: float
          retries:
            description:
              - How often a request is repeated after a failure that may pass, like a lost connection, a broken answer,
                throttling (HTTP 429) or a server in trouble (HTTP 500, 502, 503, 504).
              - For this source, in place of O(connection.retries), which says more about it.
            type: int
          parallel:
            description:
              - How many requests may be under way to one source at any moment, from 1 to 64.
              - For this source, in place of O(connection.parallel), which says more about it.
            type: int
          page_size:
            description:
              - How many records to ask for in each request. The default is the best for the provider.
              - For this source, in place of O(connection.page_size), which says more about it.
            type: int
          validate_certs:
            description:
              - Whether the server's TLS certificate must be valid. Without it, anybody on the way can read the
                credentials.
              - For this source, in place of O(connection.validate_certs), which says more about it.
            type: bool
          ca_path:
            description:
              - A PEM file, or a folder prepared with C(openssl rehash), with the authorities to trust, on the machine
                that runs the module.
              - For this source, in place of O(connection.ca_path), which says more about it.
            type: path
          client_cert:
            description:
              - A PEM file with a client certificate, on the machine that runs the module. It may contain the key, too.
              - For this source, in place of O(connection.client_cert), which says more about it.
            type: path
          client_key:
            description:
              - A PEM file with the key of O(sources[].veeam.client_cert), not encrypted.
              - For this source, in place of O(connection.client_key), which says more about it.
            type: path
          proxy:
            description:
              - Address of a proxy for all requests, for example V(http://proxy.example.com:3128). A password in it is
                masked.
              - For this source, in place of O(connection.proxy), which says more about it.
            type: str
      petadata:
        description:
          - The source is Alibaba Cloud PetaData, read with these options.
          - What is given neither here nor in O(connection) is as in M(multivendor.backup.petadata_backup_task_info).
          - A source that gives O(sources[].petadata.url) takes nothing from the environment, so that no credentials
            ever go to the server of somebody else.
        type: dict
        suboptions:
          instance_ids:
            description:
              - Ids of the instances to read. Required, for the API has no list of instances.
            type: list
            elements: str
          url:
            description:
              - Address of the API. Some regions have their own, like C(https://petadata.<region>.aliyuncs.com).
              - The default is V(https://petadata.aliyuncs.com).
            type: str
          access_key_id:
            description:
              - Id of an access key.
              - If none of O(sources[].petadata.access_key_id), O(sources[].petadata.access_key_secret) and
                O(sources[].petadata.security_token) is given, they are taken from E(ALICLOUD_ACCESS_KEY),
                E(ALICLOUD_SECRET_KEY) and E(ALICLOUD_SECURITY_TOKEN) of the machine that runs the module. If none of
                these is set, E(ALIBABA_CLOUD_ACCESS_KEY_ID), E(ALIBABA_CLOUD_ACCESS_KEY_SECRET) and
                E(ALIBABA_CLOUD_SECURITY_TOKEN) count.
              - The environment does not count in a source that names an endpoint of its own, see O(sources[].petadata).
            type: str
          access_key_secret:
            description:
              - Secret of the access key.
            type: str
          security_token:
            description:
              - Security token, if the access key is a temporary one of STS.
            type: str
          format:
            description:
              - The format to ask for. The results are the same.
              - The default is V(json).
            type: str
            choices: [json, xml]
          timeout:
            description:
              - Seconds to wait for a connection, and then for the next bytes of an answer, in each attempt.
              - For this source, in place of O(connection.timeout), which says more about it.
            type: float
          deadline:
            description:
              - Seconds that the whole call may take, with all its pages, retries and waits.
              - For this source, in place of O(connection.deadline), which says more about it.
            type: float
          retries:
            description:
              - How often a request is repeated after a failure that may pass, like a lost connection, a broken answer,
                throttling (HTTP 429) or a server in trouble (HTTP 500, 502, 503, 504).
              - For this source, in place of O(connection.retries), which says more about it.
            type: int
          parallel:
            description:
              - How many requests may be under way to one source at any moment, from 1 to 64.
              - For this source, in place of O(connection.parallel), which says more about it.
            type: int
          page_size:
            description:
              - How many records to ask for in each request. The default is the best for the provider.
              - For this source, in place of O(connection.page_size), which says more about it.
            type: int
          validate_certs:
            description:
              - Whether the server's TLS certificate must be valid. Without it, anybody on the way can read the
                credentials.
              - For this source, in place of O(connection.validate_certs), which says more about it.
            type: bool
          ca_path:
            description:
              - A PEM file, or a folder prepared with C(openssl rehash), with the authorities to trust, on the machine
                that runs the module.
              - For this source, in place of O(connection.ca_path), which says more about it.
            type: path
          client_cert:
            description:
              - A PEM file with a client certificate, on the machine that runs the module. It may contain the key, too.
              - For this source, in place of O(connection.client_cert), which says more about it.
            type: path
          client_key:
            description:
              - A PEM file with the key of O(sources[].petadata.client_cert), not encrypted.
              - For this source, in place of O(connection.client_key), which says more about it.
            type: path
          proxy:
            description:
              - Address of a proxy for all requests, for example V(http://proxy.example.com:3128). A password in it is
                masked.
              - For this source, in place of O(connection.proxy), which says more about it.
            type: str
  connection:
    description:
      - How to reach the sources, for all of them at once. A source that says otherwise is right for itself.
      - What neither says is the default named below.
    type: dict
    suboptions:
      timeout:
        description:
          - Seconds to wait for a connection, and then for the next bytes of an answer, in each attempt.
          - The default is V(30).
        type: float
      deadline:
        description:
          - Seconds that the whole call may take, with all its pages, retries and waits.
          - When it passes, the module fails and returns what it has read by then.
          - The default is V(300).
        type: float
      retries:
        description:
          - How often a request is repeated after a failure that may pass, like a lost connection, a broken answer,
            throttling (HTTP 429) or a server in trouble (HTTP 500, 502, 503, 504).
          - The waits between attempts grow, with chance in them. A C(Retry-After) of the server is respected.
          - The default is V(5).
        type: int
      parallel:
        description:
          - How many requests may be under way to one source at any moment, from 1 to 64.
          - The default is V(8).
        type: int
      page_size:
        description:
          - How many records to ask for in each request. The default is the best for the provider.
        type: int
      validate_certs:
        description:
          - Whether the server's TLS certificate must be valid. Without it, anybody on the way can read the credentials.
          - Plain C(http) addresses other than this machine itself are refused unless this is V(false).
          - The default is V(true).
        type: bool
      ca_path:
        description:
          - A PEM file, or a folder prepared with C(openssl rehash), with the authorities to trust, on the machine that
            runs the module.
          - If not given, E(REQUESTS_CA_BUNDLE) and E(CURL_CA_BUNDLE) count, then the authorities that come with
            Python's C(certifi).
        type: path
      client_cert:
        description:
          - A PEM file with a client certificate, on the machine that runs the module. It may contain the key, too.
        type: path
      client_key:
        description:
          - A PEM file with the key of O(connection.client_cert), not encrypted.
        type: path
      proxy:
        description:
          - Address of a proxy for all requests, for example V(http://proxy.example.com:3128). A password in it is
            masked.
          - If not given, the usual environment variables like E(HTTPS_PROXY) and E(NO_PROXY) count.
        type: str
attributes:
  action_group:
    description: Use C(group/multivendor.backup.unified) or C(group/multivendor.backup.all) in C(module_defaults) to set
      defaults for this module.
    support: full
    membership:
      - multivendor.backup.all
      - multivendor.backup.unified
requirements:
  - requests >= 2.25.1
  - cryptography >= 3.4.8 (only for service account keys)
  - xmltodict >= 0.12.0 (only where the server answers in XML)
notes:
  - Yandex Cloud Backup - The account needs the role C(backup.viewer) on the folder.
  - Clumio - A token sees what its role and its organizational units allow. What it does not see is not counted either.
  - Clumio - Clumio takes 100 requests per second from an organization.
  - Veeam Backup Enterprise Manager - The user needs the role Portal Administrator, Portal User or Restore Operator of
    Enterprise Manager, and sees what this role shows.
  - Veeam Backup Enterprise Manager - Enterprise Manager comes with a self-signed certificate. Give it, or the authority
    of a better one, as O(sources[].veeam.ca_path).
  - Veeam Backup Enterprise Manager - A session that the module opened for itself is closed when it ends, also when it
    fails.
  - Alibaba Cloud PetaData - The user of the access key needs the RAM action C(petadata:DescribeTasks).
  - Alibaba Cloud PetaData - O(sources[].petadata.page_size) is one of 30, 50, 100, 200, 500 and 1000. The default is
    1000.
  - Alibaba Cloud PetaData - The clock of the machine that runs the module must be right within 15 minutes, for requests
    are signed with the time.
"""
