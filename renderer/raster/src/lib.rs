//! Span rasteriser and text: scenes of shapes and glyphs onto XRGB8888 pixels
