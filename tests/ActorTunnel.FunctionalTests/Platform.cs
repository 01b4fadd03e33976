using System.Runtime.Versioning;

// Network namespaces and the servers of the functional tests.
[assembly: SupportedOSPlatform("linux")]
