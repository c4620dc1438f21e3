using System.Runtime.InteropServices;
using VSan.Scsi.Reservations;

namespace VSan.Scsi;

/// <summary>What is true of a command before its CDB is read.</summary>
[Flags]
internal enum CommandTraits
{
    None = 0,

    /// <summary>Changes the medium: refused on a read-only logical unit.</summary>
    Writes = 1,

    /// <summary>Answers without a logical unit and in spite of a unit attention: INQUIRY, REPORT LUNS, REQUEST SENSE (SAM-5, 5.14).</summary>
    AnswersAlways = 2,

    /// <summary>Reads and changes the medium as one step: no other command changes it meanwhile.</summary>
    Atomic = 4,

    /// <summary>Not every logical unit has it; the handler knows (<see cref="CommandHandler.IsOffered"/>).</summary>
    Optional = 8,

    /// <summary>SANITIZE: runs although an earlier one failed.</summary>
    Sanitizes = 16,

    /// <summary>Runs while the target port is in standby (SPC-4, asymmetric access states).</summary>
    WhileStandby = 32,

    /// <summary>Runs in every access state.</summary>
    WhileUnavailable = 64,
}

/// <summary>One row of the command table.</summary>
internal sealed class CommandDescriptor
{
    private readonly ulong _forbiddenLow;
    private readonly ulong _forbiddenHigh;
    private readonly ReservationRule _rule;
    private readonly bool _isOptional;
    private readonly bool _whileStandby;
    private readonly bool _whileUnavailable;
    private readonly int? _ignoredByte;

    public CommandDescriptor(CommandHandler handler, CommandTraits traits, ReservationRule rule, int? serviceAction, byte[] usage, int? ignoredByte)
    {
        (Handler, _rule, ServiceAction, Usage, _ignoredByte) = (handler, rule, serviceAction, usage, ignoredByte);
        Writes = (traits & CommandTraits.Writes) != 0;
        AnswersAlways = (traits & CommandTraits.AnswersAlways) != 0;
        Atomic = (traits & CommandTraits.Atomic) != 0;
        Sanitizes = (traits & CommandTraits.Sanitizes) != 0;
        _isOptional = (traits & CommandTraits.Optional) != 0;
        _whileUnavailable = (traits & (CommandTraits.WhileUnavailable | CommandTraits.AnswersAlways)) != 0;
        _whileStandby = _whileUnavailable || (traits & CommandTraits.WhileStandby) != 0;
        Span<byte> forbidden = stackalloc byte[ScsiCommand.CdbBytesMax];
        for (int i = 1; i < usage.Length; i++) forbidden[i] = i == ignoredByte ? (byte)0 : (byte)~usage[i];
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(forbidden);
        (_forbiddenLow, _forbiddenHigh) = (words[0], words[1]);
    }

    public CommandHandler Handler { get; }

    /// <inheritdoc cref="CommandTraits.Writes"/>
    public bool Writes { get; }

    /// <inheritdoc cref="CommandTraits.AnswersAlways"/>
    public bool AnswersAlways { get; }

    /// <inheritdoc cref="CommandTraits.Atomic"/>
    public bool Atomic { get; }

    /// <inheritdoc cref="CommandTraits.Sanitizes"/>
    public bool Sanitizes { get; }

    /// <summary>True when the logical unit has the command.</summary>
    public bool IsOffered(LogicalUnit? unit) => !_isOptional || (unit is not null && Handler.IsOffered(unit.Volume.Geometry));

    /// <summary>The command runs through a target port in this state.</summary>
    public bool RunsIn(AsymmetricAccessState state) => state switch
    {
        AsymmetricAccessState.ActiveOptimized or AsymmetricAccessState.ActiveNonOptimized => true,
        AsymmetricAccessState.Standby => _whileStandby,
        AsymmetricAccessState.Unavailable or AsymmetricAccessState.Transitioning => _whileUnavailable,
    };

    /// <summary>How this CDB stands to a reservation of another nexus.</summary>
    public ReservationRule RuleOf(ReadOnlySpan<byte> cdb) => _rule switch
    {
        ReservationRule.ChangesWhenPreventing => (cdb[4] & 0x03) != 0 ? ReservationRule.Changes : ReservationRule.Always,
        ReservationRule.ChangesUnlessStarting => (cdb[4] & 0xF1) != 0x01 ? ReservationRule.Changes : ReservationRule.Always,
        _ => _rule,
    };

    /// <summary>Value of the service action field, or null without one.</summary>
    public int? ServiceAction { get; }

    /// <summary>CDB usage data (SPC-4): a bit for each CDB bit that is evaluated. Its length is the CDB's.</summary>
    public byte[] Usage { get; }

    /// <summary>Index of the first byte with a bit that must be zero, or -1.</summary>
    public int FirstBadByte(ReadOnlySpan<byte> cdb)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(cdb);
        return (words[0] & _forbiddenLow) == 0 && (words[1] & _forbiddenHigh) == 0 ? -1 : FindBadByte(cdb);
    }

    private int FindBadByte(ReadOnlySpan<byte> cdb)
    {
        int at = 1;
        while (at == _ignoredByte || (cdb[at] & ~Usage[at]) == 0) at++;
        return at;
    }
}
