//! Rows of the sample: processes, ports, containers, facts, updates, a battery, the weather, what is played.
//! Leaves out charts: rows have no history.

use casedd_common::metrics::Value;

/// Name, user, number, memory in MiB, load in per cent of one processor.
const PROCESSES: [(&str, &str, u32, f64, f64); 12] = [
    ("chromium", "media", 18_204, 1_312.0, 61.4),
    ("postgres", "postgres", 911, 846.0, 23.8),
    ("jellyfin", "media", 2_230, 1_104.0, 18.2),
    ("node_exporter", "prometheus", 640, 28.4, 4.6),
    ("smbd", "root", 1_188, 64.2, 3.1),
    ("casedd-renderer", "casedd", 702, 18.6, 1.2),
    ("sshd", "root", 803, 9.1, 0.8),
    ("systemd-journald", "root", 311, 41.7, 0.4),
    ("nginx", "www-data", 1_020, 22.0, 0.3),
    ("redis-server", "redis", 955, 36.5, 0.2),
    ("mosquitto", "mosquitto", 980, 8.2, 0.1),
    ("cron", "root", 620, 3.0, 0.0),
];

/// Port, protocol, address, process.
const PORTS: [(f64, &str, &str, &str); 8] = [
    (22.0, "tcp", "*", "sshd"),
    (53.0, "udp", "127.0.0.53", "systemd-resolved"),
    (80.0, "tcp", "*", "nginx"),
    (443.0, "tcp", "*", "nginx"),
    (445.0, "tcp", "*", "smbd"),
    (5432.0, "tcp", "127.0.0.1", "postgres"),
    (8080.0, "tcp", "127.0.0.1", "casedd-sink-ws"),
    (8096.0, "tcp", "*", "jellyfin"),
];

/// Name, image, status.
const CONTAINERS: [(&str, &str, &str); 10] = [
    ("traefik", "traefik:3.2", "running"),
    ("paperless", "paperless-ngx:2", "running"),
    ("immich", "immich-server:1.120", "unhealthy"),
    ("vaultwarden", "vaultwarden:1.32", "running"),
    ("backup", "restic:0.17", "exited"),
    ("pihole", "pihole:2025.03", "restarting"),
    ("grafana", "grafana:11.4", "running"),
    ("home-assistant", "home-assistant:2026.5", "running"),
    ("mosquitto", "eclipse-mosquitto:2", "running"),
    ("jellyfin", "jellyfin:10.10", "running"),
];

/// Day, sky, lowest and highest temperature.
const FORECAST: [(&str, &str, f64, f64); 5] = [
    ("Friday", "sunny", 11.0, 23.0),
    ("Saturday", "light clouds", 12.0, 21.0),
    ("Sunday", "showers", 9.0, 16.0),
    ("Monday", "rain", 8.0, 14.0),
    ("Tuesday", "sunny", 7.0, 19.0),
];

/// Title, user, state, how much has been played in per cent.
const SESSIONS: [(&str, &str, &str, f64); 3] = [
    ("The Long Way Home", "anna", "playing", 64.0),
    ("Northern Lights, episode 4", "ben", "paused", 12.0),
    ("Kitchen Radio", "tablet", "playing", 87.0),
];

/// Title, when it came.
const RECENT: [(&str, &str); 4] = [
    ("The Long Way Home", "today"),
    ("Northern Lights, season 2", "yesterday"),
    ("A Quiet Harbour", "Monday"),
    ("Field Recordings", "12 May"),
];

/// Name, number of titles.
const LIBRARIES: [(&str, f64); 3] = [("Films", 812.0), ("Series", 94.0), ("Music", 5_310.0)];

const TEXTS: [(&str, &str); 8] = [
    (
        "sysinfo.rows",
        "OS|Debian GNU/Linux 13\nKernel|6.12.9-amd64\nModel|ASRock X570D4U\nProcessor|AMD Ryzen 7 5700G\n\
         Cores|8 (16 threads)\nMemory|15.6 GiB\nAddress|192.168.1.20",
    ),
    ("os_updates.rows", "openssl|3.0.15-1\nlinux-image-amd64|6.12.12-1\ncurl|8.11.1-1"),
    ("os_updates.summary", "3 updates wait"),
    ("ups.status", "charging"),
    ("ups.name", "BAT0"),
    ("containers.runtime", "docker"),
    ("weather.location", "Harbour"),
    ("weather.summary", "Light clouds"),
];

const NUMBERS: [(&str, f64); 16] = [
    ("htop.total", 231.0),
    ("net_ports.count", 8.0),
    ("containers.count_total", 10.0),
    ("containers.count_running", 7.0),
    ("containers.count_exited", 1.0),
    ("os_updates.total_count", 3.0),
    ("os_updates.security_count", 1.0),
    ("ups.battery_percent", 82.0),
    ("ups.load_percent", 24.0),
    ("ups.load_watts", 86.0),
    ("ups.runtime_minutes", 41.0),
    ("weather.temperature", 18.0),
    ("weather.humidity_percent", 61.0),
    ("weather.wind_kmh", 14.0),
    ("weather.pressure_hpa", 1_016.0),
    ("plex.session_count", 3.0),
];

/// All keys of the sample's rows, in no order.
pub fn rows() -> Vec<(String, Value)> {
    let text = |key: String, text: &str| (key, Value::Text(text.into()));
    let number = |key: String, number: f64| (key, Value::Number(number));
    let mut all = Vec::new();
    for (n, (name, user, pid, memory_mb, cpu_percent)) in PROCESSES.iter().enumerate() {
        all.push(text(format!("htop.{n}.name"), name));
        all.push(text(format!("htop.{n}.user"), user));
        all.push(number(format!("htop.{n}.pid"), f64::from(*pid)));
        all.push(number(format!("htop.{n}.memory_mb"), *memory_mb));
        all.push(number(format!("htop.{n}.memory_percent"), memory_mb / 160.0));
        all.push(number(format!("htop.{n}.cpu_percent"), *cpu_percent));
    }
    for (n, (port, protocol, address, process)) in PORTS.iter().enumerate() {
        all.push(number(format!("net_ports.{n}.port"), *port));
        all.push(text(format!("net_ports.{n}.protocol"), protocol));
        all.push(text(format!("net_ports.{n}.address"), address));
        all.push(text(format!("net_ports.{n}.process"), process));
    }
    for (n, (name, image, status)) in CONTAINERS.iter().enumerate() {
        all.push(text(format!("containers.{n}.name"), name));
        all.push(text(format!("containers.{n}.image"), image));
        all.push(text(format!("containers.{n}.status"), status));
    }
    all.extend(media_and_weather());
    all.extend(TEXTS.iter().map(|(key, value)| text((*key).into(), value)));
    all.extend(NUMBERS.iter().map(|(key, value)| number((*key).into(), *value)));
    all.push(("ups.on_battery".into(), Value::Flag(false)));
    all.push(("ups.charging".into(), Value::Flag(true)));
    all
}

/// What scripts push about the weather and about Plex.
fn media_and_weather() -> Vec<(String, Value)> {
    let text = |key: String, text: &str| (key, Value::Text(text.into()));
    let number = |key: String, number: f64| (key, Value::Number(number));
    let mut all = Vec::new();
    for (n, (day, summary, low, high)) in FORECAST.iter().enumerate() {
        all.push(text(format!("weather.forecast.{n}.day"), day));
        all.push(text(format!("weather.forecast.{n}.summary"), summary));
        all.push(number(format!("weather.forecast.{n}.low"), *low));
        all.push(number(format!("weather.forecast.{n}.high"), *high));
    }
    for (n, (title, user, state, progress)) in SESSIONS.iter().enumerate() {
        all.push(text(format!("plex.sessions.{n}.title"), title));
        all.push(text(format!("plex.sessions.{n}.user"), user));
        all.push(text(format!("plex.sessions.{n}.state"), state));
        all.push(number(format!("plex.sessions.{n}.progress_percent"), *progress));
    }
    for (n, (title, added)) in RECENT.iter().enumerate() {
        all.push(text(format!("plex.recent.{n}.title"), title));
        all.push(text(format!("plex.recent.{n}.added"), added));
    }
    for (n, (name, count)) in LIBRARIES.iter().enumerate() {
        all.push(text(format!("plex.libraries.{n}.name"), name));
        all.push(number(format!("plex.libraries.{n}.count"), *count));
    }
    all
}
