//! Shared memory frame transport: board, frame pool, rings and control socket
