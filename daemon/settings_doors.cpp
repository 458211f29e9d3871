#include "daemon/settings_rows.hpp"

namespace tidemark::daemon {

namespace {

using S = Settings;

const std::vector<SettingRow> rows = {
    {.name = "store.path",
     .field = &S::store_path,
     .fallback = "/var/lib/tidemark/store",
     .form = TextForm::path,
     .help = "Folder of the store; made at first start."},
    {.name = "store.key_file",
     .field = &S::store_key_file,
     .fallback = "/var/lib/tidemark/key",
     .form = TextForm::path,
     .help = "Keys that seal the members' tokens; made (0600) at first start. When systemd passes "
             "the credential tidemark-key, that one is the default."},
    {.name = "store.free_mb_min",
     .field = &S::store_free_mb_min,
     .fallback = "64",
     .lowest = 1,
     .highest = 1'048'576,
     .help = "Writes wait while less than this is free on the store's disk (megabytes)."},
    {.name = "control.socket",
     .field = &S::control_socket,
     .fallback = "/run/tidemark/control.sock",
     .form = TextForm::path,
     .help = "Unix socket for the command line and scripts."},
    {.name = "control.socket_mode",
     .field = &S::control_socket_mode,
     .fallback = "0660",
     .form = TextForm::mode,
     .help = "Its mode. Whatever the mode, only the daemon's user, root and the socket's group are "
             "served."},
    {.name = "control.socket_group",
     .field = &S::control_socket_group,
     .fallback = "",
     .help = "Group that may use the socket; empty: the daemon's own group."},
    {.name = "control.tcp_address",
     .field = &S::control_tcp_address,
     .fallback = "127.0.0.1",
     .help = "Address of the control API over TCP; empty: none."},
    {.name = "control.tcp_port",
     .field = &S::control_tcp_port,
     .fallback = "7410",
     .lowest = 0,
     .highest = 65'535,
     .help = "Its port; 0: any free one, named in the log."},
    {.name = "control.token_file",
     .field = &S::control_token_file,
     .fallback = "/var/lib/tidemark/control-token",
     .form = TextForm::path,
     .help = "Token that TCP requests must bear; made (0600) at first start."},
    {.name = "control.allowed_hosts",
     .field = &S::control_allowed_hosts,
     .fallback = "",
     .live = true,
     .help =
         "Further Host names that TCP requests may use, beside localhost, 127.0.0.1 and [::1]."},
    {.name = "public.address",
     .field = &S::public_address,
     .fallback = "127.0.0.1",
     .help = "Address of the members' pages; empty: none."},
    {.name = "public.port",
     .field = &S::public_port,
     .fallback = "7411",
     .lowest = 0,
     .highest = 65'535,
     .help = "Their port; 0: any free one, named in the log."},
    {.name = "public.url",
     .field = &S::public_url,
     .fallback = "",
     .form = TextForm::optional_url,
     .help =
         "What people type, such as https://tidemark.example.org: sign-ins come back to it, and "
         "with https cookies travel over TLS only. Empty: http://ADDRESS:PORT, or https with a "
         "certificate; needed when the address is 0.0.0.0 or ::."},
    {.name = "public.tls_certificate_file",
     .field = &S::public_tls_certificate_file,
     .fallback = "",
     .form = TextForm::optional_path,
     .help = "PEM chain, for pages without a reverse proxy; read anew at SIGHUP and when it "
             "changes."},
    {.name = "public.tls_key_file",
     .field = &S::public_tls_key_file,
     .fallback = "",
     .form = TextForm::optional_path,
     .help = "PEM key of that certificate."},
    {.name = "public.trusted_proxies",
     .field = &S::public_trusted_proxies,
     .fallback = "",
     .help =
         "Addresses or networks (10.0.0.0/8) of reverse proxies; only their X-Forwarded-For and "
         "Forwarded count. Behind a proxy and without this, all people count as one address."},
    {.name = "public.requests_per_minute",
     .field = &S::public_requests_per_minute,
     .fallback = "300",
     .lowest = 10,
     .highest = 1'000'000,
     .live = true,
     .help = "Of one address (of IPv6: of one /64 network); more are answered 429. Pages of "
             "members who "
             "are signed in, and assets, have ten times as many of their own."},
    {.name = "public.update_cooldown_minutes",
     .field = &S::public_update_cooldown_minutes,
     .fallback = "60",
     .lowest = 0,
     .highest = 10'080,
     .live = true,
     .help = "How long a member waits between two \"update now\"."},
    {.name = "public.contact",
     .field = &S::public_contact,
     .fallback = "",
     .live = true,
     .help = "Who runs this and how to reach them, for the members' pages."},
};

}  // namespace

std::vector<SettingRow> door_settings() { return rows; }

}  // namespace tidemark::daemon
