using VSan.Scsi.Commands;
using VSan.Scsi.Reservations;

namespace VSan.Scsi;

/// <summary>
/// Every command that we have: what its CDB may carry, how it stands to reservations, and who runs it. What is not here is INVALID COMMAND
/// OPERATION CODE. Without a rule of its own a command that writes changes, one that answers always never conflicts, and any other reads.
/// </summary>
internal static class CommandTable
{
    private const int ServiceActions = 32;

    private const CommandTraits Standby = CommandTraits.WhileStandby;

    // What PERSISTENT RESERVE OUT ignores, and not reserves, in its actions without a reservation (SPC-4): initiators do send a type there.
    private const int ScopeAndType = 2;

    private const CommandTraits Erases = CommandTraits.Optional | CommandTraits.Sanitizes;

    private static readonly ReadHandler Read = new();
    private static readonly WriteHandler Write = new();
    private static readonly VerifyHandler Verify = new(writes: false);
    private static readonly VerifyHandler WriteAndVerify = new(writes: true);
    private static readonly AlwaysReadyHandler AlwaysReady = new();
    private static readonly SynchronizeCacheHandler Synchronize = new();
    private static readonly PreFetchHandler PreFetch = new();
    private static readonly WriteSameHandler WriteSame = new();
    private static readonly ModeSenseHandler ModeSense = new();
    private static readonly ModeSelectHandler ModeSelect = new();
    private static readonly ReceiveCopyResultsHandler ReceiveCopyResults = new();
    private static readonly ReserveUnitHandler Reserve6 = new(ReservationAction.ReserveUnit);
    private static readonly ReserveUnitHandler Release6 = new(ReservationAction.ReleaseUnit);
    private static readonly PersistentReserveInHandler PersistentReserveIn = new();
    private static readonly PersistentReserveOutHandler PersistentReserveOut = new();

    /// <summary>The rows, by operation code. The usage bytes are the CDB usage data: byte 0 the code, FFh a whole field, control byte 00h (no NACA).</summary>
    public static IReadOnlyList<CommandDescriptor> All { get; } =
    [
        Row(AlwaysReady, "00 00 00 00 00 00", rule: ReservationRule.UnlessReserved),
        Row(new RequestSenseHandler(), "03 01 00 00 FF 00", CommandTraits.AnswersAlways),
        Row(Read, "08 1F FF FF FF 00"),
        Row(Write, "0A 1F FF FF FF 00", CommandTraits.Writes),
        Row(new InquiryHandler(), "12 01 FF FF FF 00", CommandTraits.AnswersAlways),
        Row(ModeSelect, "15 11 00 00 FF 00", Standby, rule: ReservationRule.Changes),
        Row(Reserve6, "16 00 00 00 00 00", rule: ReservationRule.Always),
        Row(Release6, "17 00 00 00 00 00", rule: ReservationRule.Always),
        Row(ModeSense, "1A 08 FF FF FF 00", Standby),
        Row(AlwaysReady, "1B 01 00 0F F7 00", rule: ReservationRule.ChangesUnlessStarting),
        Row(AlwaysReady, "1E 00 00 00 03 00", rule: ReservationRule.ChangesWhenPreventing),
        Row(new ReadCapacity10Handler(), "25 00 FF FF FF FF 00 00 01 00", rule: ReservationRule.Always),
        Row(Read, "28 18 FF FF FF FF 1F FF FF 00"),
        Row(Write, "2A 18 FF FF FF FF 1F FF FF 00", CommandTraits.Writes),
        Row(WriteAndVerify, "2E 16 FF FF FF FF 1F FF FF 00", CommandTraits.Writes),
        Row(Verify, "2F 16 FF FF FF FF 1F FF FF 00"),
        Row(PreFetch, "34 02 FF FF FF FF 1F FF FF 00"),
        Row(Synchronize, "35 06 FF FF FF FF 1F FF FF 00", rule: ReservationRule.Changes),
        Row(new ReadDefectData10Handler(), "37 00 1F 00 00 00 00 FF FF 00"),
        Row(WriteSame, "41 18 FF FF FF FF 1F FF FF 00", CommandTraits.Writes),
        Row(new UnmapHandler(), "42 00 00 00 00 00 1F FF FF 00", CommandTraits.Writes | CommandTraits.Optional),
        Row(new SanitizeBlockEraseHandler(), "48 A2 00 00 00 00 00 FF FF 00", Erases | CommandTraits.Writes | CommandTraits.Atomic, serviceAction: 0x02),
        Row(new SanitizeExitFailureModeHandler(), "48 BF 00 00 00 00 00 FF FF 00", Erases | CommandTraits.Writes, serviceAction: 0x1F),
        Row(new LogSenseHandler(), "4D 00 FF 00 00 FF FF FF FF 00", Standby, rule: ReservationRule.Always),
        Row(ModeSelect, "55 11 00 00 00 00 00 FF FF 00", Standby, rule: ReservationRule.Changes),
        Row(ModeSense, "5A 18 FF FF 00 00 00 FF FF 00", Standby),
        Row(PersistentReserveIn, "5E 00 00 00 00 00 00 FF FF 00", Standby, rule: ReservationRule.Persistent, serviceAction: 0x00),
        Row(PersistentReserveIn, "5E 01 00 00 00 00 00 FF FF 00", Standby, rule: ReservationRule.Persistent, serviceAction: 0x01),
        Row(PersistentReserveIn, "5E 02 00 00 00 00 00 FF FF 00", Standby, rule: ReservationRule.Persistent, serviceAction: 0x02),
        Row(PersistentReserveIn, "5E 03 00 00 00 00 00 FF FF 00", Standby, rule: ReservationRule.Persistent, serviceAction: 0x03),
        Row(PersistentReserveOut, "5F 00 00 00 00 FF FF FF FF 00", Standby, rule: ReservationRule.Persistent, serviceAction: 0x00, ignoredByte: ScopeAndType),
        Row(PersistentReserveOut, "5F 01 FF 00 00 FF FF FF FF 00", Standby, rule: ReservationRule.Persistent, serviceAction: 0x01),
        Row(PersistentReserveOut, "5F 02 FF 00 00 FF FF FF FF 00", Standby, rule: ReservationRule.Persistent, serviceAction: 0x02),
        Row(PersistentReserveOut, "5F 03 00 00 00 FF FF FF FF 00", Standby, rule: ReservationRule.Persistent, serviceAction: 0x03, ignoredByte: ScopeAndType),
        Row(PersistentReserveOut, "5F 04 FF 00 00 FF FF FF FF 00", Standby, rule: ReservationRule.Persistent, serviceAction: 0x04),
        Row(PersistentReserveOut, "5F 05 FF 00 00 FF FF FF FF 00", Standby, rule: ReservationRule.Persistent, serviceAction: 0x05),
        Row(PersistentReserveOut, "5F 06 00 00 00 FF FF FF FF 00", Standby, rule: ReservationRule.Persistent, serviceAction: 0x06, ignoredByte: ScopeAndType),
        Row(PersistentReserveOut, "5F 07 00 00 00 FF FF FF FF 00", Standby, rule: ReservationRule.Persistent, serviceAction: 0x07, ignoredByte: ScopeAndType),
        Row(new ExtendedCopyHandler(), "83 00 00 00 00 00 00 00 00 00 FF FF FF FF 00 00", rule: ReservationRule.Changes, serviceAction: 0x00),
        Row(ReceiveCopyResults, "84 00 FF 00 00 00 00 00 00 00 FF FF FF FF 00 00", rule: ReservationRule.Changes, serviceAction: 0x00),
        Row(ReceiveCopyResults, "84 03 00 00 00 00 00 00 00 00 FF FF FF FF 00 00", rule: ReservationRule.Changes, serviceAction: 0x03),
        Row(ReceiveCopyResults, "84 04 FF 00 00 00 00 00 00 00 FF FF FF FF 00 00", rule: ReservationRule.Changes, serviceAction: 0x04),
        Row(Read, "88 18 FF FF FF FF FF FF FF FF FF FF FF FF 1F 00"),
        Row(new CompareAndWriteHandler(), "89 18 FF FF FF FF FF FF FF FF 00 00 00 FF 1F 00", CommandTraits.Writes | CommandTraits.Atomic),
        Row(Write, "8A 18 FF FF FF FF FF FF FF FF FF FF FF FF 1F 00", CommandTraits.Writes),
        Row(new OrWriteHandler(), "8B 18 FF FF FF FF FF FF FF FF FF FF FF FF 1F 00", CommandTraits.Writes | CommandTraits.Atomic),
        Row(WriteAndVerify, "8E 16 FF FF FF FF FF FF FF FF FF FF FF FF 1F 00", CommandTraits.Writes),
        Row(Verify, "8F 16 FF FF FF FF FF FF FF FF FF FF FF FF 1F 00"),
        Row(PreFetch, "90 02 FF FF FF FF FF FF FF FF FF FF FF FF 1F 00"),
        Row(Synchronize, "91 06 FF FF FF FF FF FF FF FF FF FF FF FF 1F 00", rule: ReservationRule.Changes),
        Row(WriteSame, "93 19 FF FF FF FF FF FF FF FF FF FF FF FF 1F 00", CommandTraits.Writes),
        Row(new ReadCapacity16Handler(), "9E 10 FF FF FF FF FF FF FF FF FF FF FF FF 01 00", rule: ReservationRule.Always, serviceAction: 0x10),
        Row(new GetLbaStatusHandler(), "9E 12 FF FF FF FF FF FF FF FF FF FF FF FF 00 00", serviceAction: 0x12),
        Row(new ReportLunsHandler(), "A0 00 FF 00 00 00 FF FF FF FF 00 00", CommandTraits.AnswersAlways),
        Row(new ReportTargetPortGroupsHandler(), "A3 EA 00 00 00 00 FF FF FF FF 00 00", CommandTraits.WhileUnavailable, ReservationRule.Always, serviceAction: 0x0A),
        Row(new ReportSupportedOperationCodesHandler(), "A3 0C 87 FF FF FF FF FF FF FF 00 00", serviceAction: 0x0C),
        Row(new ReportSupportedTaskManagementHandler(), "A3 0D 80 00 00 00 FF FF FF FF 00 00", serviceAction: 0x0D),
        Row(Read, "A8 18 FF FF FF FF FF FF FF FF 1F 00"),
        Row(Write, "AA 18 FF FF FF FF FF FF FF FF 1F 00", CommandTraits.Writes),
        Row(WriteAndVerify, "AE 16 FF FF FF FF FF FF FF FF 1F 00", CommandTraits.Writes),
        Row(Verify, "AF 16 FF FF FF FF FF FF FF FF 1F 00"),
        Row(new ReadDefectData12Handler(), "B7 1F FF FF FF FF FF FF FF FF 00 00"),
    ];

    private static readonly CommandDescriptor?[] ByCode = new CommandDescriptor?[256];
    private static readonly CommandDescriptor?[]?[] ByServiceAction = new CommandDescriptor?[]?[256];

    static CommandTable()
    {
        foreach (CommandDescriptor row in All)
        {
            byte code = row.Usage[0];
            if (row.ServiceAction is { } action) (ByServiceAction[code] ??= new CommandDescriptor?[ServiceActions])[action] = row;
            else ByCode[code] = row;
        }
    }

    /// <summary>The command of a CDB, or null.</summary>
    public static CommandDescriptor? Find(ReadOnlySpan<byte> cdb) => ByCode[cdb[0]] ?? Find(cdb[0], (ushort)(cdb[1] & 0x1F));

    /// <summary>The command by operation code and, where the code has them, service action; or null.</summary>
    public static CommandDescriptor? Find(byte code, ushort serviceAction) =>
        ByServiceAction[code] is { } actions ? (serviceAction < ServiceActions ? actions[serviceAction] : null) : ByCode[code];

    /// <summary>True when the operation code is divided by service actions.</summary>
    public static bool HasServiceActions(byte code) => ByServiceAction[code] is not null;

    private static CommandDescriptor Row(
        CommandHandler handler, string usage, CommandTraits traits = CommandTraits.None, ReservationRule? rule = null, int? serviceAction = null,
        int? ignoredByte = null) =>
        new(handler, traits, rule ?? DefaultRule(traits), serviceAction, Convert.FromHexString(usage.Replace(" ", "", StringComparison.Ordinal)), ignoredByte);

    private static ReservationRule DefaultRule(CommandTraits traits)
    {
        if ((traits & CommandTraits.Writes) != 0) return ReservationRule.Changes;
        return (traits & CommandTraits.AnswersAlways) != 0 ? ReservationRule.Always : ReservationRule.Reads;
    }
}
