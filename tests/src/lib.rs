//! Tests over real processes, and the house rules as tests
