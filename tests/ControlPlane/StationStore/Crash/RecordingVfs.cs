using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VSan.Tests.ControlPlane.StationStore.Crash;

/// <summary>
/// SQLite's own unix VFS with a recorder before four of its methods (https://sqlite.org/c3ref/vfs.html, io_methods.html). It becomes the
/// default of this process; files outside of <see cref="Record"/>'s folder pass unrecorded.
/// </summary>
/// <remarks>
/// <code>
/// sqlite3_vfs          0 iVersion, szOsFile | 16 pNext | 24 zName | 40 xOpen | 48 xDelete | … 168
/// sqlite3_io_methods   0 iVersion | 24 xWrite | 32 xTruncate | 40 xSync | … 152
/// sqlite3_file         0 pMethods
/// </code>
/// </remarks>
internal static unsafe partial class RecordingVfs
{
    private const int VfsBytes = 168;
    private const int MethodsBytes = 152;
    private const int Next = 16;
    private const int Name = 24;
    private const int Open = 40;
    private const int Delete = 48;
    private const int Write = 24;
    private const int Truncate = 32;
    private const int Sync = 40;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<nint, string> Names = [];
    private static readonly Dictionary<nint, nint> Patched = [];
    private static readonly Dictionary<nint, nint> Real = [];
    private static readonly List<DiskEvent> Events = [];

    private static byte* _vfs;
    private static byte* _real;
    private static string? _folder;

    /// <summary>Begins to record what is done to the files of a folder that are opened from now on.</summary>
    public static void Record(string folder)
    {
        lock (Gate)
        {
            Register();
            Events.Clear();
            _folder = folder;
        }
    }

    /// <summary>Notes that a commit was acknowledged.</summary>
    public static void Acknowledge(int commit)
    {
        lock (Gate) Events.Add(new DiskEvent.Acknowledged(commit));
    }

    /// <summary>Ends the recording and gives it back.</summary>
    public static IReadOnlyList<DiskEvent> Finish()
    {
        lock (Gate)
        {
            _folder = null;
            return [.. Events];
        }
    }

    private static void Register()
    {
        if (_vfs != null) return;
        SQLitePCL.Batteries_V2.Init();
        _real = (byte*)FindVfs(0);
        _vfs = (byte*)NativeMemory.Alloc(VfsBytes);
        Buffer.MemoryCopy(_real, _vfs, VfsBytes, VfsBytes);
        *(nint*)(_vfs + Next) = 0;
        *(nint*)(_vfs + Name) = Marshal.StringToCoTaskMemUTF8("recording");
        *(delegate* unmanaged[Cdecl]<byte*, byte*, byte*, int, int*, int>*)(_vfs + Open) = &OnOpen;
        *(delegate* unmanaged[Cdecl]<byte*, byte*, int, int>*)(_vfs + Delete) = &OnDelete;
        if (RegisterVfs((nint)_vfs, 1) != 0) throw new InvalidOperationException("SQLite does not take the recorder.");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnOpen(byte* vfs, byte* name, byte* file, int flags, int* outFlags)
    {
        int code = ((delegate* unmanaged[Cdecl]<byte*, byte*, byte*, int, int*, int>)(*(nint*)(_real + Open)))(vfs, name, file, flags, outFlags);
        if (code != 0 || name == null) return code;
        lock (Gate)
        {
            string path = Marshal.PtrToStringUTF8((nint)name)!;
            if (_folder is null || Path.GetDirectoryName(path) != _folder) return code;
            Names[(nint)file] = Path.GetFileName(path);
            *(nint*)file = Patch(*(nint*)file);
        }

        return code;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnDelete(byte* vfs, byte* name, int syncDirectory)
    {
        int code = ((delegate* unmanaged[Cdecl]<byte*, byte*, int, int>)(*(nint*)(_real + Delete)))(vfs, name, syncDirectory);
        lock (Gate)
        {
            string path = Marshal.PtrToStringUTF8((nint)name)!;
            if (code == 0 && _folder is not null && Path.GetDirectoryName(path) == _folder) Events.Add(new DiskEvent.Delete(Path.GetFileName(path)));
        }

        return code;
    }

    private static nint Patch(nint methods)
    {
        if (Patched.TryGetValue(methods, out nint known)) return known;
        byte* patched = (byte*)NativeMemory.Alloc(MethodsBytes);
        Buffer.MemoryCopy((void*)methods, patched, MethodsBytes, MethodsBytes);
        *(delegate* unmanaged[Cdecl]<byte*, byte*, int, long, int>*)(patched + Write) = &OnWrite;
        *(delegate* unmanaged[Cdecl]<byte*, long, int>*)(patched + Truncate) = &OnTruncate;
        *(delegate* unmanaged[Cdecl]<byte*, int, int>*)(patched + Sync) = &OnSync;
        Real[(nint)patched] = methods;
        return Patched[methods] = (nint)patched;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnWrite(byte* file, byte* bytes, int count, long offset)
    {
        Note(file, name => new DiskEvent.Write(name, offset, new ReadOnlySpan<byte>(bytes, count).ToArray()));
        return ((delegate* unmanaged[Cdecl]<byte*, byte*, int, long, int>)Method(file, Write))(file, bytes, count, offset);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnTruncate(byte* file, long length)
    {
        Note(file, name => new DiskEvent.Truncate(name, length));
        return ((delegate* unmanaged[Cdecl]<byte*, long, int>)Method(file, Truncate))(file, length);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnSync(byte* file, int flags)
    {
        int code = ((delegate* unmanaged[Cdecl]<byte*, int, int>)Method(file, Sync))(file, flags);
        if (code == 0) Note(file, name => new DiskEvent.Sync(name));
        return code;
    }

    private static void Note(byte* file, Func<string, DiskEvent> make)
    {
        lock (Gate)
            if (_folder is not null) Events.Add(make(Names[(nint)file]));
    }

    private static nint Method(byte* file, int offset)
    {
        lock (Gate) return *(nint*)(Real[*(nint*)file] + offset);
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_find")]
    private static partial nint FindVfs(nint name);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_register")]
    private static partial int RegisterVfs(nint vfs, int makeDefault);
}
