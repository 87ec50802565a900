//! What the machine is: operating system, processor, memory, board, virtualisation, addresses.
//!
//! Leaves out everything that changes from second to second.

use std::collections::BTreeSet;

use super::addresses::{main_address, parse_fib_trie, parse_if_inet6, parse_routes};
use super::{Context, GIB, Getter, memory, system};
use crate::batch::Batch;
use crate::error::GetterError;
use crate::file::{HeldFile, read_line};
use crate::roots::Roots;

/// Most addresses that are listed.
const ADDRESSES_SHOWN_MAX: usize = 8;

/// Names of ARM's processors by their number, those found in small computers.
const ARM_PARTS: [(&str, &str); 11] = [
    ("0xc07", "Cortex-A7"),
    ("0xd03", "Cortex-A53"),
    ("0xd04", "Cortex-A35"),
    ("0xd05", "Cortex-A55"),
    ("0xd07", "Cortex-A57"),
    ("0xd08", "Cortex-A72"),
    ("0xd09", "Cortex-A73"),
    ("0xd0a", "Cortex-A75"),
    ("0xd0b", "Cortex-A76"),
    ("0xd0c", "Neoverse-N1"),
    ("0xd41", "Cortex-A78"),
];

/// Words in the firmware's names and the virtual machine that they tell of.
const VIRTUAL: [(&str, &str); 13] = [
    ("KVM", "KVM"),
    ("QEMU", "KVM/QEMU"),
    ("VMware", "VMware"),
    ("VirtualBox", "VirtualBox"),
    ("innotek", "VirtualBox"),
    ("Xen", "Xen"),
    ("Virtual Machine", "Hyper-V"),
    ("Amazon EC2", "Amazon EC2"),
    ("Google Compute Engine", "Google Compute Engine"),
    ("OpenStack", "OpenStack"),
    ("Parallels", "Parallels"),
    ("Apple Virtualization", "Apple"),
    ("Bochs", "Bochs"),
];

/// What /proc/cpuinfo says of all processors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Processor {
    /// What it is called, without trade marks and clock.
    pub model: Option<String>,
    /// Cores that the kernel tells apart; none where it does not say.
    pub cores: Option<usize>,
    /// Processors that the kernel sees.
    pub threads: usize,
    /// It says itself that it is a virtual one.
    pub is_virtual: bool,
}

/// Reads /proc/cpuinfo.
pub fn parse_cpuinfo(text: &str) -> Processor {
    let mut processor = Processor::default();
    let mut cores: BTreeSet<(&str, &str)> = BTreeSet::new();
    let (mut package, mut implementer) = ("", "");
    for line in text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')) {
        let Some((name, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        match name.trim() {
            "processor" => processor.threads += 1,
            "model name" if processor.model.is_none() => processor.model = plain_model(value),
            "physical id" => package = value,
            "core id" => {
                cores.insert((package, value));
            }
            "flags" => processor.is_virtual |= value.split(' ').any(|flag| flag == "hypervisor"),
            "CPU implementer" => implementer = value,
            "CPU part" if implementer == "0x41" && processor.model.is_none() => {
                let part = ARM_PARTS.iter().find(|(part, _)| *part == value);
                processor.model = part.map(|(_, name)| format!("ARM {name}"));
            }
            _ => {}
        }
    }
    processor.cores = (!cores.is_empty()).then_some(cores.len());
    processor
}

/// `Intel(R) Core(TM) i5-8500 CPU @ 3.00GHz` as people say it.
fn plain_model(name: &str) -> Option<String> {
    let name = name.split(" @ ").next()?.split(" w/ ").next()?.replace("(R)", " ").replace("(TM)", " ");
    let is_name = |word: &&str| {
        let is_count = word.ends_with("-Core") || word.ends_with("-core");
        !is_count && !matches!(*word, "CPU" | "Processor" | "processor")
    };
    let words: Vec<&str> = name.split_whitespace().filter(is_name).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// The getter.
pub struct Sysinfo {
    roots: Roots,
}

impl Sysinfo {
    /// Opens nothing.
    pub fn new(context: &Context) -> Sysinfo {
        Sysinfo { roots: context.roots.clone() }
    }

    fn text(&self, path: &str) -> Option<String> {
        HeldFile::new(self.roots.proc_view(path)).read().ok().map(|text| text.into_owned())
    }

    fn os(&self) -> Option<String> {
        let name = |path: &&str| system::parse_os_name(&HeldFile::new(self.roots.file(path)).read().ok()?);
        ["/etc/os-release", "/usr/lib/os-release"].iter().find_map(name)
    }

    fn board(&self) -> Option<String> {
        let name = read_line(self.roots.sys("class/dmi/id/board_name"))?;
        let maker = read_line(self.roots.sys("class/dmi/id/board_vendor"));
        Some(maker.map_or(name.clone(), |maker| format!("{maker} {name}")))
    }

    /// What the machine runs in; nothing where nothing tells of it.
    fn virtualisation(&self, processor: &Processor) -> Option<String> {
        if let Some(container) = read_line(self.roots.file("/run/systemd/container")) {
            return Some(format!("container ({container})"));
        }
        if self.roots.file("/.dockerenv").exists() {
            return Some("container (docker)".into());
        }
        let words: Vec<String> = ["sys_vendor", "product_name", "board_vendor", "bios_vendor"]
            .iter()
            .filter_map(|name| read_line(self.roots.sys(&format!("class/dmi/id/{name}"))))
            .collect();
        let told = VIRTUAL.iter().find(|(sign, _)| words.iter().any(|word| word.contains(sign)));
        told.map(|(_, name)| (*name).to_owned())
            .or_else(|| processor.is_virtual.then(|| "virtual machine".into()))
    }
}

impl Getter for Sysinfo {
    fn poll(&mut self, batch: &mut Batch) -> Result<(), GetterError> {
        let mut rows = String::new();
        let mut say = |batch: &mut Batch, key: &'static str, name: &str, text: Option<String>| {
            let Some(text) = text else { return };
            if !name.is_empty() {
                rows += &format!("{name}|{}\n", text.replace(['|', '\n'], " "));
            }
            batch.text(key, text);
        };
        say(batch, "sysinfo.os", "OS", self.os());
        say(batch, "sysinfo.kernel", "Kernel", read_line(self.roots.proc("sys/kernel/osrelease")));
        say(batch, "sysinfo.arch", "", read_line(self.roots.proc("sys/kernel/arch")));
        say(batch, "sysinfo.product", "Model", system::model(&self.roots));
        say(batch, "sysinfo.board", "Board", self.board());
        let processor = HeldFile::new(self.roots.proc("cpuinfo")).read().map(|text| parse_cpuinfo(&text));
        let processor = processor.unwrap_or_default();
        say(batch, "sysinfo.cpu_model", "Processor", processor.model.clone());
        let threads = processor.threads;
        if threads > 0 {
            batch.number("sysinfo.cpu_threads", threads as f64);
            batch.maybe("sysinfo.cpu_cores", processor.cores.map(|cores| cores as f64));
            let text = match processor.cores {
                Some(cores) if cores != threads => format!("{cores} ({threads} threads)"),
                Some(_) | None => threads.to_string(),
            };
            say(batch, "sysinfo.cpu_text", "Cores", Some(text));
        }
        let memory = HeldFile::new(self.roots.proc("meminfo")).parse(memory::parse_meminfo);
        if let Ok(memory) = memory {
            batch.number("sysinfo.memory_gb", memory.total / GIB);
            say(batch, "sysinfo.memory_text", "Memory", Some(format!("{:.1} GiB", memory.total / GIB)));
        }
        say(batch, "sysinfo.virtualization", "Runs in", self.virtualisation(&processor));
        let own = self.text("net/fib_trie").map(|text| parse_fib_trie(&text)).unwrap_or_default();
        let routes = self.text("net/route").map(|text| parse_routes(&text)).unwrap_or_default();
        let others = self.text("net/if_inet6").map(|text| parse_if_inet6(&text)).unwrap_or_default();
        let main = main_address(&own, &routes).or(own.first().copied());
        say(batch, "sysinfo.ip", "Address", main.map(|address| address.to_string()));
        let all = own.iter().map(ToString::to_string).chain(others.iter().map(ToString::to_string));
        let all: Vec<String> = all.take(ADDRESSES_SHOWN_MAX).collect();
        say(batch, "sysinfo.ips", "", (!all.is_empty()).then(|| all.join(", ")));
        if !rows.is_empty() {
            batch.text("sysinfo.rows", rows.trim_end());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_processor_is_called_as_people_call_it() {
        for (name, plain) in [
            ("Intel(R) Core(TM) i5-8500 CPU @ 3.00GHz", "Intel Core i5-8500"),
            ("AMD Ryzen 7 5700G with Radeon Graphics", "AMD Ryzen 7 5700G with Radeon Graphics"),
            ("AMD EPYC 7502P 32-Core Processor", "AMD EPYC 7502P"),
            ("Intel(R) Xeon(R) Processor", "Intel Xeon"),
        ] {
            assert_eq!(plain_model(name).as_deref(), Some(plain));
        }
        assert_eq!(plain_model("CPU"), None);
    }

    #[test]
    fn cores_are_counted_once_and_per_package() {
        let thread = |id: u32, package: u32, core: u32| {
            format!("processor\t: {id}\nmodel name\t: X\nphysical id\t: {package}\ncore id\t\t: {core}\n\n")
        };
        let text = [thread(0, 0, 0), thread(1, 0, 0), thread(2, 0, 1), thread(3, 1, 0)].concat();
        let processor = parse_cpuinfo(&text);
        assert_eq!((processor.cores, processor.threads, processor.is_virtual), (Some(3), 4, false));
        let arm = parse_cpuinfo("processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd08\n");
        assert_eq!((arm.model.as_deref(), arm.cores), (Some("ARM Cortex-A72"), None));
        assert!(parse_cpuinfo("processor : 0\nflags : fpu hypervisor\n").is_virtual);
        assert_eq!(parse_cpuinfo("flags : fpu hypervisor"), Processor::default());
    }
}
