namespace VSan.Iscsi.Pdu;

/// <summary>Functions of a Task Management Function Request (RFC 7143, 11.5.1).</summary>
internal enum TaskManagementFunction : byte
{
    AbortTask = 1,
    AbortTaskSet = 2,
    ClearAca = 3,
    ClearTaskSet = 4,
    LogicalUnitReset = 5,
    TargetWarmReset = 6,
    TargetColdReset = 7,
    TaskReassign = 8,
}

/// <summary>Response of a task management function (RFC 7143, 11.6.1).</summary>
internal enum TaskManagementOutcome : byte
{
    Complete = 0,
    TaskDoesNotExist = 1,
    LunDoesNotExist = 2,
    ReassignmentNotSupported = 4,
    NotSupported = 5,
    Rejected = 255,
}

/// <summary>
/// Task Management Function Request (RFC 7143, 11.5) and Response (11.6).
/// <code>
///    0 |.I| 02h |1| function | reserved | 8 LUN | 16 ITT | 20 Referenced Task Tag | 24 CmdSN | 28 ExpStatSN | 32 RefCmdSN | 36 ExpDataSN
///    0 | 22h |1 . . . . . . .| response | 16 ITT | 24 StatSN | 28 ExpCmdSN | 32 MaxCmdSN
/// </code>
/// </summary>
internal static class TaskManagementResponse
{
    public static void Format(Span<byte> to, TaskManagementOutcome outcome, uint tag)
    {
        BasicHeader.Begin(to, Opcode.TaskManagementResponse, 0x80, 0, tag);
        to[2] = (byte)outcome;
    }
}
