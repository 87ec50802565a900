//! Whatever stands in a file of /proc, a parser gives values or an error: never a panic, never a number that is none.

mod machine;

use casedd_collector::batch::Batch;
use casedd_collector::getters::net_ports::{self, Protocol};
use casedd_collector::getters::{
    addresses, cpu, disk_io, memory, mounts, network, processes, sysinfo, system,
};
use casedd_collector::registry::GETTERS;
use casedd_common::metrics::Value;
use casedd_common::transport::clock::now_ns;
use machine::{FIXTURES, Machine};
use proptest::prelude::*;

/// Files that getters read, with what may go wrong in them.
const FILES: [&str; 13] = [
    "proc/stat",
    "proc/meminfo",
    "proc/diskstats",
    "proc/self/net/dev",
    "proc/self/mountinfo",
    "proc/uptime",
    "proc/loadavg",
    "proc/sys/kernel/hostname",
    "proc/cpuinfo",
    "proc/self/net/tcp",
    "proc/self/net/fib_trie",
    "proc/self/net/route",
    "proc/2230/stat",
];

fn parse_all(text: &str) {
    let _ = cpu::parse_stat(text);
    let _ = cpu::parse_cpuinfo_mhz(text);
    let _ = memory::parse_meminfo(text);
    let _ = disk_io::parse_diskstats(text);
    let _ = network::parse_net_dev(text);
    let _ = mounts::parse_mountinfo(text);
    let _ = system::parse_uptime(text);
    let _ = system::parse_loadavg(text);
    let _ = system::parse_boot_time(text);
    let _ = system::parse_os_name(text);
    let _ = processes::parse_stat(text);
    let _ = processes::parse_uid(text);
    let _ = processes::parse_passwd(text);
    let _ = processes::parse_program(text, "nginx");
    let _ = net_ports::parse_sockets(text, Protocol::Tcp);
    let _ = net_ports::parse_sockets(text, Protocol::Udp);
    let _ = sysinfo::parse_cpuinfo(text);
    let _ = addresses::parse_fib_trie(text);
    let _ = addresses::parse_routes(text);
    let _ = addresses::parse_if_inet6(text);
}

proptest! {
    #[test]
    fn any_text_is_parsed_or_refused(text in "(.|\n)*") {
        parse_all(&text);
    }

    #[test]
    fn a_real_text_with_any_piece_changed_is_parsed_or_refused(
        fixture in 0..FIXTURES.len(), file in 0..FILES.len(),
        at in 0.0..1.0_f64, cut in 0..20_usize, put in "[0-9a-z:|. \\-\n\\\\]{0,12}",
    ) {
        let path = format!("{}/fixtures/{}/{}", env!("CARGO_MANIFEST_DIR"), FIXTURES[fixture], FILES[file]);
        // Not every machine has every file.
        let mut text = std::fs::read_to_string(path).unwrap_or_default();
        let start = text.floor_char_boundary((text.len() as f64 * at) as usize);
        let end = text.floor_char_boundary((start + cut).min(text.len()));
        text.replace_range(start..end, &put);
        parse_all(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_machine_with_one_damaged_file_gives_only_sound_values(
        fixture in 0..FIXTURES.len(), file in 0..FILES.len(), bytes in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        let machine = Machine::of(FIXTURES[fixture]);
        let path = machine.path(FILES[file]);
        std::fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("made");
        std::fs::write(path, bytes).expect("written");
        let context = machine.context();
        let mut batch = Batch::new(now_ns());
        for row in &GETTERS {
            let _ = (row.make)(&context).poll(&mut batch);
        }
        for entry in batch.entries() {
            prop_assert!(!entry.key.contains(char::is_whitespace) && !entry.key.contains(char::is_control), "{:?}", entry.key);
            if let Value::Number(number) = entry.value {
                prop_assert!(number.is_finite(), "{:?}", entry.key);
                prop_assert!(number >= 0.0 || entry.key.ends_with(".temperature") || &*entry.key == "system.boot_unix", "{:?} {number}", entry.key);
                prop_assert!(!entry.key.ends_with("percent") || entry.key.ends_with(".cpu_percent") || number <= 100.0, "{:?} {number}", entry.key);
            }
        }
    }
}
