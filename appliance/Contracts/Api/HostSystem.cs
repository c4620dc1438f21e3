namespace VSan.Contracts.Api;

/// <summary>Operating systems whose initiators we know the commands of.</summary>
public enum HostSystem
{
    /// <summary>Linux with open-iscsi.</summary>
    Linux,

    /// <summary>Windows with Microsoft's initiator, by PowerShell.</summary>
    Windows,

    /// <summary>VMware ESXi with the software adapter.</summary>
    Esxi,
}
