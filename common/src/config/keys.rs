//! Every key that `casedd.yaml` knows, by the map it stands in.
//!
//! Names only: the modules that read a map say what its keys mean, docs/configuration.md says it to people.

/// Keys of the file's top level.
pub const TOP: &[&str] = &[
    "outputs",
    "panels",
    "log_level",
    "template",
    "theme",
    "templates_dir",
    "asset_dirs",
    "refresh_rate",
    "width",
    "height",
    "fb_device",
    "fb_auto_detect",
    "no_fb",
    "http_port",
    "ws_port",
    "viewer_layout",
    "cpu_interval",
    "memory_interval",
    "disk_interval",
    "network_interval",
    "sensors_interval",
    "gpu_interval",
    "fans_interval",
    "system_interval",
    "net_ports_interval",
    "sysinfo_interval",
    "htop_interval",
    "ups_interval",
    "net_interfaces",
    "procfs_path",
    "sysfs_path",
    "trigger_border_color",
    "template_rotation_enabled",
    "template_rotation",
    "template_rotation_interval",
    "template_schedule",
    "template_triggers",
];

/// Keys of the top level that have no `CASEDD_<KEY>`: their values are more than one word.
pub const NOT_IN_ENVIRONMENT: &[&str] = &[
    "outputs",
    "panels",
    "viewer_layout",
    "template_rotation_enabled",
    "template_rotation",
    "template_rotation_interval",
    "template_schedule",
    "template_triggers",
];

/// Keys of one output, of any type.
pub const OUTPUT: &[&str] = &[
    "type",
    "enabled",
    "optional",
    "display_name",
    "template",
    "theme",
    "width",
    "height",
    "refresh_rate",
    "rotation",
    "drop_policy",
    "ring_depth",
    "device",
    "file",
    "format",
    "fit",
    "at_exit",
    "bind",
    "port",
    "port_fallback",
    "quality",
    "token",
    "hosts",
    "template_rotation_enabled",
    "template_rotation",
    "template_rotation_interval",
    "template_schedule",
    "template_triggers",
];

/// Keys of an output that only a framebuffer has.
pub const OUTPUT_FB_ONLY: &[&str] = &["device", "file", "format", "fit", "at_exit"];

/// Keys of an output that only a WebSocket output has.
pub const OUTPUT_WS_ONLY: &[&str] = &["bind", "port", "port_fallback", "quality", "token", "hosts"];

/// Keys of one entry of `panels`.
pub const PANEL: &[&str] = &[
    "name",
    "display_name",
    "template",
    "theme",
    "width",
    "height",
    "no_fb",
    "fb_device",
    "template_rotation_enabled",
    "template_rotation",
    "template_rotation_interval",
    "template_schedule",
    "template_triggers",
];

/// Keys of one entry of `template_triggers`.
pub const TRIGGER: &[&str] = &[
    "source",
    "operator",
    "value",
    "template",
    "duration",
    "hold_for",
    "clear_operator",
    "clear_value",
    "cooldown",
    "priority",
    "disabled",
];

/// Keys of one entry of `template_schedule`.
pub const SCHEDULE: &[&str] = &["template", "start", "end", "days"];

/// Keys of one entry of `template_rotation` that is a map.
pub const ROTATION: &[&str] = &["template", "seconds", "skip_if"];

/// Keys of one condition of `skip_if`.
pub const CONDITION: &[&str] = &["source", "operator", "value"];
