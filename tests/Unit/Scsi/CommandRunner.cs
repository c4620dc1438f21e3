using VSan.Block;
using VSan.Scsi;
using VSan.Scsi.Reservations;

namespace VSan.Tests.Unit.Scsi;

/// <summary>Runs CDBs against one logical unit, as a transport that has all data at hand.</summary>
internal sealed class CommandRunner : IScsiTask
{
    /// <summary>Its number follows.</summary>
    public const string Initiator = "iqn.2026-11.org.example:host";

    private readonly ScsiCommand _command;
    private byte[] _dataOut = [];

    public CommandRunner(
        RamVolume volume, bool readOnly = false, bool writeCache = true, bool clearPowerOn = true, ReservationTable? reservations = null,
        VolumeSpace? space = null)
    {
        Unit = new LogicalUnit(volume, new LogicalUnitIdentity("6" + new string('a', 31), "SERIAL-1"), writeCache, reservations, space);
        Nexus.Map(0, Unit, readOnly);
        Ring = new ScsiRing(0, Pool);
        _command = new ScsiCommand(Ring, this);
        if (clearPowerOn) Run("000000000000");
    }

    /// <summary>Another nexus of the same logical unit, on a ring of its own.</summary>
    public CommandRunner(CommandRunner beside, int ringIndex)
    {
        Nexus = new ScsiNexus(new NexusIdentity($"{Initiator}{ringIndex}", 0, "iqn.2026-11.io.vsan-appliance:t"));
        Unit = beside.Unit;
        Nexus.Map(0, Unit, readOnly: false);
        Ring = new ScsiRing(ringIndex, Pool);
        _command = new ScsiCommand(Ring, this);
        Run("000000000000");
    }

    public BufferPool Pool { get; } = TestPool.Create(4);

    public LogicalUnit Unit { get; }

    public ScsiRing Ring { get; }

    public ScsiNexus Nexus { get; } = new(new NexusIdentity($"{Initiator}0", 0, "iqn.2026-11.io.vsan-appliance:t"));

    public ScsiStatus Status { get; private set; }

    public byte[] Sense { get; private set; } = [];

    public byte[] DataIn { get; private set; } = [];

    public long TransferLength { get; private set; }

    public bool Completed { get; private set; } = true;

    /// <summary>Runs once, behind the end of the command.</summary>
    public Action? AfterCompletion { get; set; }

    /// <summary>Answers to the last command; one is right.</summary>
    public int Answers { get; private set; }

    /// <summary>Key, ASC, ASCQ as one number: 0x052400 is INVALID FIELD IN CDB; 0 without sense.</summary>
    public int SenseCode => Sense.Length == 0 ? 0 : ((Sense[2] & 0xF) << 16) | (Sense[12] << 8) | Sense[13];

    public CommandRunner Run(string cdb, byte[]? dataOut = null, ulong lun = 0)
    {
        byte[] bytes = new byte[16];
        Convert.FromHexString(cdb.Replace(" ", "", StringComparison.Ordinal)).CopyTo(bytes, 0);
        _dataOut = dataOut ?? [];
        (Completed, Answers) = (false, 0);
        _command.Start(Nexus, lun, bytes, (uint)_dataOut.Length);
        return this;
    }

    public bool Abort() => _command.Abort();

    public void OnDataOutWanted()
    {
        _dataOut.AsSpan(0, _command.DataOutLength).CopyTo(_command.DataOut(0, _command.DataOutLength));
        _command.DataOutArrived();
    }

    public void OnCompleted()
    {
        (Status, TransferLength, Completed) = (_command.Status, _command.TransferLength, true);
        Answers++;
        Sense = _command.SenseData.ToArray();
        DataIn = _command.DataInLength > 0 ? _command.DataOut(0, _command.DataInLength).ToArray() : [];
        _command.Release();
        Action? after = AfterCompletion;
        AfterCompletion = null;
        after?.Invoke();
    }
}
