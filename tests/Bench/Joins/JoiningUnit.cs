using System.Globalization;
using System.Security.Cryptography;
using VSan.Contracts.UnitLink;
using VSan.UnitAgent.Enrolment;

namespace VSan.Tests.Bench.Joins;

/// <summary>One unit of the bench: a key, a store, and the generation that it serves.</summary>
internal sealed class JoiningUnit
{
    private const long StoreBytes = 1L << 40;

    private readonly StoreInventory _store = new(Guid.NewGuid(), "store-0", StoreBytes, StoreBytes, Reflink: true, []);
    private long _generation;

    private JoiningUnit(int number, MemberIdentity identity)
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"unit-{number:D5}");
        Address = string.Create(CultureInfo.InvariantCulture, $"10.{number >> 16}.{(number >> 8) & 255}.{number & 255}");
        Identity = identity;
    }

    public string Name { get; }

    public string Address { get; }

    public MemberIdentity Identity { get; }

    public Guid BootId { get; } = Guid.NewGuid();

    /// <summary>What it answers to an enquiry.</summary>
    public UnitInventory Inventory => new(Identity.MemberId, [$"{Address}:3260"], [_store], TimeProvider.System.GetUtcNow());

    /// <summary>Where it stands.</summary>
    public ConfigurationStatus Status => new(Volatile.Read(ref _generation), Volatile.Read(ref _generation), []);

    /// <summary>A unit with a fresh key.</summary>
    public static JoiningUnit Create(int number)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new JoiningUnit(number, new MemberIdentity(Guid.NewGuid(), key.ExportPkcs8PrivateKeyPem()));
    }

    /// <summary>Serves a configuration.</summary>
    public void Accept(ConfigurationPush push) => Volatile.Write(ref _generation, push.Configuration.Generation);

    /// <summary>One line of its reports.</summary>
    public UnitReport Report(long sequence) => new(Identity.MemberId, BootId, sequence, Status, BlockServerRunning: true, Sessions: 0, [_store]);
}
