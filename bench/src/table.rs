//! The findings as tables for people.
//! Leaves out judgement: whether a figure is good enough stands in docs/performance.md.

use crate::report::Report;

/// All tables of a report.
pub fn tables(report: &Report) -> String {
    let mut text = format!("casedd {} on {}, {}\n", report.version, report.machine, report.date);
    text += "CPU milliseconds a frame of all outputs together; medians. allocs: allocations a frame.\n";
    drawing(&mut text, report);
    if !report.encoded.is_empty() {
        encoding(&mut text, report);
    }
    processes(&mut text, report);
    rivals(&mut text, report);
    text
}

fn size((width, height): (u32, u32)) -> String {
    format!("{width}x{height}")
}

fn drawing(text: &mut String, report: &Report) {
    if report.drawn.is_empty() {
        return;
    }
    *text += "\nDraw: template and values to the pool's slot\n";
    text.push_str(&format!(
        "{:>10} {:>7} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>13} {:>9} {:>9} {:>9}\n",
        "size",
        "outputs",
        "full",
        "all vary",
        "live 20%",
        "of full",
        "nothing",
        "memcpy",
        "allocs f/l",
        "memory MB",
        "first ms",
        "first CPU"
    ));
    for drawn in &report.drawn {
        let allocations = format!("{:.1}/{:.1}", drawn.full.allocations, drawn.live.allocations);
        text.push_str(&format!(
            "{:>10} {:>7} {:>9.3} {:>9.3} {:>9.3} {:>8.1}% {:>9.4} {:>9.3} {allocations:>13} {:>9.1} {:>9.1} \
             {:>9.1}\n",
            size(drawn.case.size_px),
            drawn.case.outputs,
            drawn.full.cpu_ms,
            drawn.all.cpu_ms,
            drawn.live.cpu_ms,
            drawn.live_share * 100.0,
            drawn.idle.cpu_ms,
            drawn.memcpy_ms,
            drawn.memory_mb,
            drawn.first_ms,
            drawn.first_cpu_ms
        ));
    }
}

fn processes(text: &mut String, report: &Report) {
    if report.processes.is_empty() {
        return;
    }
    *text += "\nA renderer process: outputs of 800x480 with built-in templates; so many values are others in each frame\n";
    text.push_str(&format!(
        "{:>7} {:>7} {:>9} {:>9} {:>8} {:>9}\n",
        "outputs", "rate Hz", "values", "frames/s", "core %", "memory MB"
    ));
    for took in &report.processes {
        text.push_str(&format!(
            "{:>7} {:>7} {:>9} {:>9.1} {:>8.3} {:>9.1}\n",
            took.order.outputs,
            took.order.rate_hz,
            match (took.order.is_live, took.order.is_gliding) {
                (true, _) => "20%",
                (false, true) => "all glide",
                (false, false) => "all",
            },
            took.frames_hz,
            took.core_percent,
            took.resident_mb
        ));
    }
}

fn encoding(text: &mut String, report: &Report) {
    let encoder = report.encoded.first().map_or("", |encoded| encoded.encoder.as_str());
    text.push_str(&format!("\nEncode: JPEG quality 80, 4:2:0, by {encoder}\n"));
    text.push_str(&format!(
        "{:>10} {:>7} {:>9} {:>9} {:>13} {:>9} {:>10}\n",
        "size", "outputs", "full", "live 20%", "allocs f/l", "bytes", "damage"
    ));
    for encoded in &report.encoded {
        let allocations = format!("{:.0}/{:.0}", encoded.full.allocations, encoded.live.allocations);
        text.push_str(&format!(
            "{:>10} {:>7} {:>9.3} {:>9.3} {allocations:>13} {:>9} {:>9.1}%\n",
            size(encoded.case.size_px),
            encoded.case.outputs,
            encoded.full.cpu_ms,
            encoded.live.cpu_ms,
            encoded.frame_bytes,
            encoded.live_damage * 100.0
        ));
    }
}

fn rivals(text: &mut String, report: &Report) {
    if let Some(first) = report.pillow.first() {
        text.push_str(&format!("\nBeside Pillow {}: the same dashboard, one output\n", first.version));
        text.push_str(&format!(
            "{:>10} {:>9} {:>9} {:>7} {:>9} {:>9} {:>7}\n",
            "size", "ours full", "Pillow", "times", "ours live", "Pillow", "times"
        ));
    }
    for pillow in &report.pillow {
        text.push_str(&format!(
            "{:>10} {:>9.3} {:>9.3} {:>7.1} {:>9.3} {:>9.3} {:>7.1}\n",
            size(pillow.size_px),
            pillow.full.ours_ms,
            pillow.full.theirs_ms,
            pillow.full.times,
            pillow.live.ours_ms,
            pillow.live.theirs_ms,
            pillow.live.times
        ));
    }
    if !report.shapes.is_empty() {
        *text += "\nBeside vello_cpu (one thread): the same shapes without text, all of them\n";
        text.push_str(&format!(
            "{:>10} {:>9} {:>9} {:>7} {:>9} {:>11}\n",
            "size", "ours", "vello_cpu", "times", "by clock", "two threads"
        ));
    }
    for shapes in &report.shapes {
        text.push_str(&format!(
            "{:>10} {:>9.3} {:>9.3} {:>7.1} {:>9.3} {:>11.3}\n",
            size(shapes.size_px),
            shapes.cpu.ours_ms,
            shapes.cpu.theirs_ms,
            shapes.cpu.times,
            shapes.wall_ms,
            shapes.halves_wall_ms
        ));
    }
}
